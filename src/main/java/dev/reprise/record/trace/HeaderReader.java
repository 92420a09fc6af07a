package dev.reprise.record.trace;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import dev.reprise.record.BoundedJson;
import dev.reprise.record.UnreadableRecordException;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * Reads the JSON of a segment's header piece by piece, so that sixteen megabytes of
 * brackets never become objects.
 */
final class HeaderReader {

	static final int MAX_COLUMNS = 65_536;

	/** Most columns of all segments of a trace, each counted where it stands. */
	static final int MAX_PLACES = 1 << 22;

	/** Most characters of all names of a trace. */
	private static final int MAX_CHARACTERS = 16 << 20;

	private final Map<Column, Column> known;

	private int places;

	private int characters;

	/**
	 * @param known columns of which one copy is kept
	 */
	HeaderReader(Map<Column, Column> known) {
		this.known = known;
	}

	Header read(byte[] json) throws UnreadableRecordException {
		try (JsonParser parser = BoundedJson.parser(json)) {
			Parts parts = new Parts();
			if (parser.nextToken() != JsonToken.START_OBJECT) {
				throw new UnreadableRecordException("its header is no JSON object");
			}
			while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
				part(parser, parts);
			}
			if (parser.nextToken() != null) {
				throw new UnreadableRecordException("its header goes on after its JSON");
			}
			return parts.header();
		}
		catch (JacksonException ex) {
			throw new UnreadableRecordException("its header is no JSON that can be read");
		}
	}

	private void part(JsonParser parser, Parts parts) throws UnreadableRecordException {
		String name = parser.currentName();
		JsonToken token = parser.nextToken();
		switch (name) {
			case "schema" -> parts.schema = integer(parser);
			case "segment" -> parts.segment = integer(parser);
			case "every" -> parts.every = integer(parser);
			case "rank" -> parts.rank = integer(parser);
			case "worldSize" -> parts.worldSize = integer(parser);
			case "runtime" -> parts.runtime = text(parser, Column.MAX_ALGORITHM, "a runtime");
			case "columns" -> {
				if (token != JsonToken.START_ARRAY) {
					throw new UnreadableRecordException("its header has no list of columns");
				}
				parts.columns = columns(parser);
			}
			default -> parser.skipChildren();
		}
	}

	private List<Column> columns(JsonParser parser) throws UnreadableRecordException {
		List<Column> columns = new ArrayList<>();
		Set<Column> seen = new HashSet<>();
		while (parser.nextToken() != JsonToken.END_ARRAY) {
			if (columns.size() == MAX_COLUMNS) {
				throw new UnreadableRecordException("it has more than " + MAX_COLUMNS + " columns");
			}
			if (this.places++ == MAX_PLACES) {
				throw new UnreadableRecordException(
						"it and those before it have more than " + MAX_PLACES + " columns in all");
			}
			Column column = column(parser);
			if (!seen.add(column)) {
				throw new UnreadableRecordException("it has a column twice");
			}
			columns.add(column);
		}
		return columns;
	}

	private Column column(JsonParser parser) throws UnreadableRecordException {
		if (parser.currentToken() != JsonToken.START_OBJECT) {
			throw new UnreadableRecordException("its header has a column that is no JSON object");
		}
		String kindWord = null;
		String name = null;
		String type = null;
		String algorithm = null;
		Boolean result = null;
		while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
			String part = parser.currentName();
			JsonToken token = parser.nextToken();
			switch (part) {
				case "kind" -> kindWord = text(parser, Column.MAX_ALGORITHM, "a kind");
				case "name" -> name = text(parser, Column.MAX_NAME, "a column's name");
				case "type" -> type = text(parser, Column.MAX_ALGORITHM, "a type");
				case "algorithm" -> algorithm = text(parser, Column.MAX_ALGORITHM, "an algorithm");
				case "result" -> {
					result = (token == JsonToken.VALUE_TRUE || token == JsonToken.VALUE_FALSE)
							? (Boolean) (token == JsonToken.VALUE_TRUE) : null;
					parser.skipChildren();
				}
				default -> parser.skipChildren();
			}
		}
		Kind kind = Kind.of(kindWord);
		if (kind == null) {
			throw new UnreadableRecordException("it has a column of a kind that is not known");
		}
		if (name == null || result == null || result != kind.result()) {
			throw new UnreadableRecordException(
					"it has a column of kind " + kind.word() + " without its name, or that is not what its kind is");
		}
		boolean number = "number".equals(type);
		boolean typed = number || "fingerprint".equals(type);
		if (!typed || number != kind.number() || (algorithm == null || algorithm.isEmpty()) != number) {
			throw new UnreadableRecordException(
					"it has a column of kind " + kind.word() + " whose type and algorithm do not fit it");
		}
		return kept(new Column(kind, name, (algorithm != null) ? algorithm : ""));
	}

	private Column kept(Column column) throws UnreadableRecordException {
		Column before = this.known.get(column);
		if (before != null) {
			return before;
		}
		this.characters += column.name().length();
		if (this.characters > MAX_CHARACTERS) {
			throw new UnreadableRecordException(
					"the names of its columns are longer than " + MAX_CHARACTERS + " characters in all");
		}
		this.known.put(column, column);
		return column;
	}

	private static @Nullable Long integer(JsonParser parser) throws UnreadableRecordException {
		JsonToken token = parser.currentToken();
		if (token == JsonToken.VALUE_NULL) {
			return null;
		}
		if (token != JsonToken.VALUE_NUMBER_INT || parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER) {
			throw new UnreadableRecordException("its header has something else where a number is due");
		}
		return parser.getLongValue();
	}

	private static @Nullable String text(JsonParser parser, int max, String what) throws UnreadableRecordException {
		JsonToken token = parser.currentToken();
		if (token == JsonToken.VALUE_NULL) {
			return null;
		}
		if (token != JsonToken.VALUE_STRING) {
			throw new UnreadableRecordException("its header has something else where " + what + " is due");
		}
		String text = parser.getString();
		if (text.length() > max) {
			throw new UnreadableRecordException(what + " is longer than " + max + " characters");
		}
		// What separates names in a chain must not be in one.
		if (text.codePoints().anyMatch((point) -> Character.isISOControl(point) || isHalf(point))) {
			throw new UnreadableRecordException(what + " has control characters or half a character in it");
		}
		return text;
	}

	private static boolean isHalf(int point) {
		return point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE;
	}

	private static final class Parts {

		private @Nullable Long schema;

		private @Nullable Long segment;

		private @Nullable Long every;

		private @Nullable Long rank;

		private @Nullable Long worldSize;

		private @Nullable String runtime;

		private @Nullable List<Column> columns;

		private Header header() throws UnreadableRecordException {
			if (this.schema == null || this.schema != 1) {
				throw new UnreadableRecordException("its header is not of schema 1");
			}
			if (this.segment == null || this.every == null || this.columns == null || this.runtime == null) {
				throw new UnreadableRecordException("its header lacks segment, every, runtime or columns");
			}
			if (this.every < 1 || !isInt(this.segment) || !isInt(this.rank) || !isInt(this.worldSize)) {
				throw new UnreadableRecordException("its header has a number that is out of its range");
			}
			return new Header(this.segment.intValue(), this.every, asInt(this.rank), asInt(this.worldSize),
					this.runtime, this.columns);
		}

		private static boolean isInt(@Nullable Long number) {
			return number == null || (number >= 0 && number <= Integer.MAX_VALUE);
		}

		private static @Nullable Integer asInt(@Nullable Long number) {
			return (number != null) ? (Integer) number.intValue() : null;
		}

	}

}
