package dev.reprise.http;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;

/**
 * Parses a request's JSON into a tree, refusing what lenient parsers let through:
 * duplicate keys, trailing content, absurd depths and numbers.
 */
public final class StrictJson {

	/**
	 * Largest JSON body, in bytes.
	 */
	public static final int MAX_BYTES = 512 * 1024;

	private static final int MAX_DEPTH = 32;

	private static final JsonMapper MAPPER = JsonMapper
		.builder(JsonFactory.builder()
			.streamReadConstraints(StreamReadConstraints.builder()
				.maxNestingDepth(MAX_DEPTH)
				.maxNumberLength(40)
				.maxNameLength(512)
				.build())
			.enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
			.build())
		.enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
		.build();

	private StrictJson() {
	}

	/**
	 * The body of a request that is mapped for JSON.
	 * @return its bytes; one more than the most that is taken where there are more
	 * @throws RequestException if its content type names another charset than UTF-8
	 */
	public static byte[] body(HttpServletRequest request) throws IOException {
		if (!isJson(request.getContentType())) {
			throw RequestException.unsupported("Content type " + ObjectReader.printable(request.getContentType())
					+ " is not taken here; send application/json, which is UTF-8.");
		}
		return request.getInputStream().readNBytes(MAX_BYTES + 1);
	}

	/**
	 * Whether a content type is JSON in UTF-8, the one charset that JSON has.
	 */
	public static boolean isJson(@Nullable String contentType) {
		try {
			MediaType type = (contentType != null) ? MediaType.parseMediaType(contentType) : MediaType.ALL;
			return type.equalsTypeAndSubtype(MediaType.APPLICATION_JSON)
					&& (type.getCharset() == null || type.getCharset().equals(StandardCharsets.UTF_8));
		}
		catch (InvalidMediaTypeException ex) {
			return false;
		}
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
		String text = text(bytes, what);
		try {
			JsonNode node = MAPPER.readTree(text);
			if (!node.isObject()) {
				throw RequestException.malformed(what + " is no JSON object.");
			}
			return node;
		}
		catch (StreamConstraintsException ex) {
			throw RequestException.malformed(what + " is nested deeper than " + MAX_DEPTH
					+ " levels, or has a number or a name that is too long" + where(ex) + ".");
		}
		catch (MismatchedInputException ex) {
			throw RequestException.malformed(what + " goes on after its end" + where(ex) + "; send one JSON object.");
		}
		catch (JacksonException ex) {
			throw RequestException.malformed(what + " is no JSON that is taken" + where(ex) + ": "
					+ ObjectReader.printable(String.valueOf(ex.getOriginalMessage())));
		}
	}

	/**
	 * The bytes as UTF-8, the one charset of JSON: a parser that guesses others would
	 * take what a proxy or a log reads differently.
	 */
	private static String text(byte[] bytes, String what) {
		try {
			String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
			if (text.startsWith("\ufeff")) {
				throw RequestException.malformed(what + " begins with a byte order mark; leave it out.");
			}
			return text;
		}
		catch (CharacterCodingException ex) {
			throw RequestException.malformed(what + " is not UTF-8, as JSON must be.");
		}
	}

	private static String where(JacksonException ex) {
		return (ex.getLocation() != null)
				? " (line " + ex.getLocation().getLineNr() + ", column " + ex.getLocation().getColumnNr() + ")" : "";
	}

}
