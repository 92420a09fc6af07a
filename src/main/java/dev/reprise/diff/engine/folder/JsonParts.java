package dev.reprise.diff.engine.folder;

import java.util.ArrayList;
import java.util.List;

import dev.reprise.diff.reader.bytes.PlainText;
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

	static List<JsonNode> list(JsonNode node, String key) {
		List<JsonNode> entries = new ArrayList<>();
		for (JsonNode entry : node.path(key)) {
			if (entries.size() == MAX_ENTRIES) {
				break;
			}
			entries.add(entry);
		}
		return entries;
	}

	/**
	 * The value as plain Java: text, a number or a boolean; JSON as text for anything
	 * larger; null for null and for nothing.
	 */
	static @Nullable Object value(JsonNode node) {
		if (node.isMissingNode() || node.isNull()) {
			return null;
		}
		if (node.isString()) {
			return PlainText.of(node.stringValue());
		}
		if (node.isBoolean()) {
			return node.booleanValue();
		}
		if (node.isIntegralNumber()) {
			return node.canConvertToLong() ? (Object) node.longValue() : PlainText.of(node.toString());
		}
		if (node.isNumber() && Double.isFinite(node.doubleValue())) {
			return node.doubleValue();
		}
		return PlainText.of(node.toString());
	}

}
