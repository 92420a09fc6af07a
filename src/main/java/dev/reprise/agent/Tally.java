package dev.reprise.agent;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * A list of the record whose entries are distinct, each with a {@code count}.
 */
final class Tally {

	private final Map<Map<String, @Nullable Object>, Map<String, @Nullable Object>> entries = new LinkedHashMap<>();

	/**
	 * Counts an entry.
	 * @param entry what tells it from others
	 * @return the entry as it is written, null where the list is full and has no such one
	 */
	synchronized @Nullable Map<String, @Nullable Object> add(Map<String, @Nullable Object> entry) {
		if (!this.entries.containsKey(entry) && this.entries.size() == Sources.MOST) {
			return null;
		}
		Map<String, @Nullable Object> known = this.entries.computeIfAbsent(entry,
				(missing) -> new LinkedHashMap<>(entry));
		known.put("count", (known.get("count") instanceof Integer count) ? count + 1 : 1);
		return known;
	}

	/**
	 * Counts an entry that has a step.
	 * @param step that is under way, which is kept of the first; null where nobody counts
	 */
	synchronized @Nullable Map<String, @Nullable Object> add(Map<String, @Nullable Object> entry, @Nullable Long step) {
		Map<String, @Nullable Object> known = add(entry);
		if (known != null && !known.containsKey("step")) {
			known.put("step", step);
		}
		return known;
	}

	/**
	 * As {@code observed.json} has them.
	 */
	synchronized List<Map<String, @Nullable Object>> document() {
		List<Map<String, @Nullable Object>> list = new ArrayList<>();
		this.entries.values().forEach((entry) -> list.add(new LinkedHashMap<>(entry)));
		return list;
	}

	/**
	 * The entries with a value, as they are written.
	 */
	synchronized List<Map<String, @Nullable Object>> with(String key, Object value) {
		return this.entries.values().stream().filter((entry) -> value.equals(entry.get(key))).toList();
	}

}
