package dev.reprise.diff.engine.folder;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

import dev.reprise.artifact.Digest;
import dev.reprise.diff.reader.bytes.PlainText;
import dev.reprise.record.UnreadableRecordException;
import tools.jackson.databind.JsonNode;

import org.jspecify.annotations.Nullable;

/**
 * Takes parts out of JSON that may hold anything, anywhere.
 */
final class JsonParts {

	/**
	 * Most entries that are read of any list.
	 */
	static final int MAX_ENTRIES = 4096;

	private JsonParts() {
	}

	static @Nullable String text(JsonNode node, String key) {
		JsonNode value = node.path(key);
		return value.isString() ? PlainText.of(value.stringValue()) : null;
	}

	static String text(JsonNode node, String key, String otherwise) {
		String text = text(node, key);
		return (text != null) ? text : otherwise;
	}

	static boolean isTrue(JsonNode node, String key) {
		JsonNode value = node.path(key);
		return value.isBoolean() && value.booleanValue();
	}

	static @Nullable Integer integer(JsonNode node, String key) {
		JsonNode value = node.path(key);
		return (value.isIntegralNumber() && value.canConvertToInt()) ? value.intValue() : null;
	}

	/**
	 * The entries of a list or an object; none where it is neither.
	 * @throws UnreadableRecordException if it has more than are read
	 */
	static List<JsonNode> list(JsonNode node, String key) throws UnreadableRecordException {
		checkSize(node, key);
		List<JsonNode> list = new ArrayList<>();
		node.path(key).forEach(list::add);
		return list;
	}

	static void checkSize(JsonNode node, String key) throws UnreadableRecordException {
		if (node.path(key).size() > MAX_ENTRIES) {
			throw new UnreadableRecordException(key + " has more than " + MAX_ENTRIES + " entries");
		}
	}

	/**
	 * The value as plain Java: text, a number, a boolean or a list of these; JSON as text
	 * for anything larger; null for null and for nothing. What is cut ends in its digest,
	 * so that two values of which only the end differs are two.
	 */
	static @Nullable Object value(JsonNode node) {
		if (node.isMissingNode() || node.isNull()) {
			return null;
		}
		if (node.isString()) {
			return plain(node.stringValue());
		}
		if (node.isBoolean()) {
			return node.booleanValue();
		}
		if (node.isIntegralNumber()) {
			return node.canConvertToLong() ? (Object) node.longValue() : plain(node.toString());
		}
		if (node.isNumber() && Double.isFinite(node.doubleValue())) {
			return node.doubleValue();
		}
		String json = node.toString();
		if (node.isArray() && json.length() <= PlainText.MAX && node.valueStream().allMatch(JsonParts::isPlain)) {
			return node.valueStream().map(JsonParts::value).toList();
		}
		return plain(json);
	}

	private static boolean isPlain(JsonNode node) {
		return node.isValueNode() && !node.isNull();
	}

	private static String plain(String text) {
		String plain = PlainText.of(text);
		return (text.length() >= PlainText.MAX || plain.length() >= PlainText.MAX) ? plain + " (" + text.length()
				+ " characters, " + Digest.of(text.getBytes(StandardCharsets.UTF_8)) + ")" : plain;
	}

}
