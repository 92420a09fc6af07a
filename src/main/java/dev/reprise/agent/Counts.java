package dev.reprise.agent;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

import org.jspecify.annotations.Nullable;

/**
 * What the program drew from sources that have no seed, by source and place.
 */
final class Counts {

	/**
	 * Most entries of a list in the record.
	 */
	static final int MOST = 1000;

	private final Map<List<String>, LongAdder> counts = new ConcurrentHashMap<>();

	void saw(String source, String place) {
		List<String> key = List.of(source, place);
		LongAdder count = this.counts.get(key);
		if (count == null && this.counts.size() < MOST) {
			count = this.counts.computeIfAbsent(key, (missing) -> new LongAdder());
		}
		if (count != null) {
			count.increment();
		}
	}

	/**
	 * As {@code observed.json} has them.
	 */
	List<Map<String, @Nullable Object>> document() {
		List<Map<String, @Nullable Object>> list = new ArrayList<>();
		this.counts.entrySet()
			.stream()
			.sorted((one, other) -> String.join("\0", one.getKey()).compareTo(String.join("\0", other.getKey())))
			.forEach((entry) -> {
				Map<String, @Nullable Object> line = new LinkedHashMap<>();
				line.put("source", entry.getKey().get(0));
				line.put("place", entry.getKey().get(1));
				line.put("count", entry.getValue().sum());
				list.add(line);
			});
		return list;
	}

}
