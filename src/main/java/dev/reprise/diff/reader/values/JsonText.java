package dev.reprise.diff.reader.values;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

import dev.reprise.diff.reader.bytes.NotReadException;
import dev.reprise.diff.reader.part.Spans;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonReadFeature;

import org.jspecify.annotations.Nullable;

/**
 * One JSON value as it is written: a {@link Map}, a {@link List} or a {@link Scalar},
 * with the places of those numbers that may be set apart. NaN and the infinities are
 * taken as Python writes them.
 *
 * @param value all of it
 * @param durations where numbers stand whose keys are those of durations
 */
record JsonText(Object value, Spans durations) {

	static final int MAX_DEPTH = 128;

	/** Most values of a file: an empty list takes two bytes there and a hundred here. */
	static final int MAX_VALUES = 250_000;

	private static final JsonFactory FACTORY = JsonFactory.builder()
		.streamReadConstraints(StreamReadConstraints.builder()
			.maxNestingDepth(MAX_DEPTH)
			.maxStringLength(16 * 1024 * 1024)
			.maxNameLength(4096)
			.maxNumberLength(1000)
			.build())
		.enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
		.enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
		.build();

	/**
	 * A value that holds no others.
	 *
	 * @param kind what it is
	 * @param text as it is written, without quotes and escapes
	 */
	record Scalar(JsonToken kind, String text) {

		boolean isNumber() {
			return this.kind.isNumeric();
		}

		String shown() {
			return (this.kind == JsonToken.VALUE_STRING) ? '"' + this.text + '"' : this.text;
		}

	}

	/**
	 * Reads all of the bytes as one value.
	 * @param isDuration keys whose numbers may be set apart
	 * @throws NotReadException if they are no JSON, or beyond a bound
	 */
	static JsonText read(byte[] bytes, Predicate<String> isDuration) throws NotReadException {
		try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), bytes)) {
			Reading reading = new Reading(parser, isDuration);
			if (parser.nextToken() == null) {
				throw new NotReadException("it holds no JSON value");
			}
			Object value = reading.value(null);
			if (parser.nextToken() != null) {
				throw new NotReadException("it holds more than one JSON value");
			}
			return new JsonText(value, reading.durations);
		}
		catch (JacksonException ex) {
			throw new NotReadException("it is no JSON that is read here" + place(ex));
		}
	}

	private static String place(JacksonException ex) {
		return (ex.getLocation() != null) ? " (line " + ex.getLocation().getLineNr() + ")" : "";
	}

	private static final class Reading {

		private final JsonParser parser;

		private final Predicate<String> isDuration;

		private final Spans durations = new Spans();

		private int values;

		Reading(JsonParser parser, Predicate<String> isDuration) {
			this.parser = parser;
			this.isDuration = isDuration;
		}

		Object value(@Nullable String key) throws NotReadException {
			if (++this.values > MAX_VALUES) {
				throw new NotReadException("it holds more than " + MAX_VALUES + " values");
			}
			JsonToken token = this.parser.currentToken();
			if (token == JsonToken.START_OBJECT) {
				Map<String, Object> object = new LinkedHashMap<>();
				while (this.parser.nextToken() != JsonToken.END_OBJECT) {
					String name = this.parser.currentName();
					this.parser.nextToken();
					object.put(name, value(name));
				}
				return object;
			}
			if (token == JsonToken.START_ARRAY) {
				List<Object> list = new ArrayList<>();
				while (this.parser.nextToken() != JsonToken.END_ARRAY) {
					list.add(value(null));
				}
				return list;
			}
			return scalar(token, key);
		}

		private Scalar scalar(JsonToken token, @Nullable String key) {
			String text = this.parser.getString();
			if (token.isNumeric() && key != null && this.isDuration.test(key)) {
				int from = (int) this.parser.currentTokenLocation().getByteOffset();
				this.durations.add(from, from + text.length());
			}
			return new Scalar(token, text);
		}

	}

}
