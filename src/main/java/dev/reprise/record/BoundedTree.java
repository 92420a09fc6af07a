package dev.reprise.record;

import java.util.Set;
import java.util.TreeSet;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * A tree that was cut to the bounds while it was read, so that four megabytes of brackets
 * never become a hundred of objects.
 *
 * @param root the tree
 * @param cut names of the root's parts in which a list or an object was cut; empty text
 * for the root itself
 */
public record BoundedTree(JsonNode root, Set<String> cut) {

	/**
	 * Most entries of a list or an object that are kept.
	 */
	public static final int MAX_ENTRIES = 4096;

	static final int MAX_TEXT = 4096;

	static final int MAX_VALUES = 262_144;

	static BoundedTree read(JsonParser parser, String name) throws UnreadableRecordException {
		Builder builder = new Builder(parser, name);
		if (parser.nextToken() == null) {
			throw new UnreadableRecordException(name + " is empty");
		}
		JsonNode root = builder.value(0);
		if (parser.nextToken() != null) {
			throw new UnreadableRecordException(name + " goes on after its JSON");
		}
		return new BoundedTree(root, builder.cut);
	}

	private static final class Builder {

		private final JsonParser parser;

		private final String name;

		private final Set<String> cut = new TreeSet<>();

		private final JsonNodeFactory nodes = JsonNodeFactory.instance;

		private @Nullable String part;

		private int values;

		private Builder(JsonParser parser, String name) {
			this.parser = parser;
			this.name = name;
		}

		private JsonNode value(int depth) throws UnreadableRecordException {
			if (++this.values > MAX_VALUES) {
				throw new UnreadableRecordException(this.name + " has more than " + MAX_VALUES + " values in it");
			}
			JsonToken token = this.parser.currentToken();
			return switch (token) {
				case START_OBJECT -> object(depth);
				case START_ARRAY -> array(depth);
				case VALUE_STRING -> this.nodes.stringNode(cut(this.parser.getString()));
				case VALUE_NUMBER_INT -> integer();
				case VALUE_NUMBER_FLOAT -> this.nodes.numberNode(this.parser.getDoubleValue());
				case VALUE_TRUE -> this.nodes.booleanNode(true);
				case VALUE_FALSE -> this.nodes.booleanNode(false);
				case null, default -> this.nodes.nullNode();
			};
		}

		private JsonNode integer() {
			return switch (this.parser.getNumberType()) {
				case INT -> this.nodes.numberNode(this.parser.getIntValue());
				case LONG -> this.nodes.numberNode(this.parser.getLongValue());
				default -> this.nodes.numberNode(this.parser.getBigIntegerValue());
			};
		}

		private JsonNode object(int depth) throws UnreadableRecordException {
			ObjectNode object = this.nodes.objectNode();
			while (this.parser.nextToken() == JsonToken.PROPERTY_NAME) {
				String property = this.parser.currentName();
				if (depth == 0) {
					this.part = property;
				}
				this.parser.nextToken();
				if (object.size() < MAX_ENTRIES) {
					object.set(property, value(depth + 1));
				}
				else {
					cutHere(depth);
				}
			}
			return object;
		}

		private JsonNode array(int depth) throws UnreadableRecordException {
			ArrayNode array = this.nodes.arrayNode();
			while (this.parser.nextToken() != JsonToken.END_ARRAY) {
				if (array.size() < MAX_ENTRIES) {
					array.add(value(depth + 1));
				}
				else {
					cutHere(depth);
				}
			}
			return array;
		}

		private void cutHere(int depth) {
			this.parser.skipChildren();
			this.cut.add((depth == 0 || this.part == null) ? "" : this.part);
		}

		private static String cut(String text) {
			if (text.length() <= MAX_TEXT) {
				return text;
			}
			int end = Character.isHighSurrogate(text.charAt(MAX_TEXT - 1)) ? MAX_TEXT - 1 : MAX_TEXT;
			return text.substring(0, end);
		}

	}

}
