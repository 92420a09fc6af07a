package dev.reprise.diff.engine.folder;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

import dev.reprise.diff.reader.bytes.PlainText;
import tools.jackson.databind.JsonNode;

/**
 * Nested JSON as one level of keys with dots in them, {@code resources.threads}, and with
 * the place in a list of objects, {@code gpus[0].model}; what is null is left away, so
 * that null and absent are the same.
 *
 * @param values text, numbers, booleans and lists of these by key
 */
public record Facts(SortedMap<String, Object> values) {

	/**
	 * Most facts that are kept of one document.
	 */
	public static final int MAX = 20_000;

	/**
	 * The key that stands for those that were not kept.
	 */
	public static final String MORE = "(more)";

	public Facts {
		values = Collections.unmodifiableSortedMap(new TreeMap<>(values));
	}

	/**
	 * The facts of a document, but for some of its first-level keys.
	 */
	public static Facts of(JsonNode node, String... without) {
		SortedMap<String, Object> values = new TreeMap<>();
		for (Map.Entry<String, JsonNode> entry : node.properties()) {
			if (!List.of(without).contains(entry.getKey())) {
				add(values, entry.getKey(), entry.getValue());
			}
		}
		return new Facts(values);
	}

	private static void add(SortedMap<String, Object> values, String key, JsonNode node) {
		if (node.isObject()) {
			for (Map.Entry<String, JsonNode> entry : node.properties()) {
				add(values, key + "." + entry.getKey(), entry.getValue());
			}
			return;
		}
		if (node.isArray() && node.valueStream().anyMatch(JsonNode::isObject)) {
			for (int i = 0; i < node.size(); i++) {
				add(values, key + "[" + i + "]", node.get(i));
			}
			return;
		}
		Object value = JsonParts.value(node);
		if (value != null) {
			boolean room = values.size() < MAX;
			values.put(room ? PlainText.of(key) : MORE, room ? value : "not read");
		}
	}

}
