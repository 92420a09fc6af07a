package dev.reprise.http;

import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Parses a request's JSON into a tree, refusing what lenient parsers let through:
 * duplicate keys, trailing content, absurd depths and numbers.
 */
public final class StrictJson {

	/**
	 * Largest JSON body, in bytes.
	 */
	public static final int MAX_BYTES = 512 * 1024;

	private static final JsonMapper MAPPER = JsonMapper
		.builder(JsonFactory.builder()
			.streamReadConstraints(
					StreamReadConstraints.builder().maxNestingDepth(32).maxNumberLength(40).maxNameLength(512).build())
			.enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
			.build())
		.enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
		.build();

	private StrictJson() {
	}

	/**
	 * Parses an object.
	 * @param what what to call it in an error, such as "the body"
	 * @throws RequestException if it is too large, no JSON or no object
	 */
	public static JsonNode object(byte[] bytes, String what) {
		if (bytes.length > MAX_BYTES) {
			throw RequestException.tooLarge(what + " is larger than " + MAX_BYTES + " bytes.");
		}
		try {
			JsonNode node = MAPPER.readTree(bytes);
			if (!node.isObject()) {
				throw RequestException.malformed(what + " is no JSON object.");
			}
			return node;
		}
		catch (JacksonException ex) {
			String where = (ex.getLocation() != null)
					? " (line " + ex.getLocation().getLineNr() + ", column " + ex.getLocation().getColumnNr() + ")"
					: "";
			throw RequestException
				.malformed(what + " is no JSON that is taken" + where + ": " + ex.getOriginalMessage());
		}
	}

}
