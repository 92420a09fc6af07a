package dev.reprise.agent;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

/**
 * What the program read that no seed decides, by call and place.
 */
final class Sources {

	/**
	 * Most entries of a list in the record.
	 */
	static final int MOST = 1000;

	private final Map<List<String>, Seen> seen = new ConcurrentHashMap<>();

	/**
	 * The program calls a source.
	 * @param step gives the step that is under way, null where none are counted
	 */
	void saw(String call, String place, Supplier<@Nullable Long> step) {
		List<String> key = List.of(call, place);
		Seen one = this.seen.get(key);
		if (one == null && this.seen.size() < MOST) {
			one = this.seen.computeIfAbsent(key, (missing) -> new Seen(step.get(), new LongAdder()));
		}
		if (one != null) {
			one.count().increment();
		}
	}

	/**
	 * As {@code observed.json} has them.
	 */
	List<Map<String, @Nullable Object>> document() {
		List<Map<String, @Nullable Object>> list = new ArrayList<>();
		this.seen.entrySet()
			.stream()
			.sorted((one, other) -> String.join("\0", one.getKey()).compareTo(String.join("\0", other.getKey())))
			.forEach((entry) -> {
				Map<String, @Nullable Object> line = new LinkedHashMap<>();
				line.put("call", entry.getKey().get(0));
				line.put("place", entry.getKey().get(1));
				line.put("order", null);
				line.put("step", entry.getValue().step());
				line.put("count", entry.getValue().count().sum());
				list.add(line);
			});
		return list;
	}

	/**
	 * Calls at one place.
	 *
	 * @param step that was under way when the first came
	 * @param count how many
	 */
	private record Seen(@Nullable Long step, LongAdder count) {
	}

}
