package dev.reprise.agent;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * What {@code job.json} asks of this process.
 *
 * @param mode off, seeded, warn or strict
 * @param seed the job's seed
 * @param holdSeed whether it wins over the program's own
 * @param failOnDrift whether a changed knob ends the process
 * @param knobs what is requested, by name
 * @param trace what of each step is recorded, null where nothing is
 */
record Job(String mode, int seed, boolean holdSeed, boolean failOnDrift, Map<String, @Nullable Object> knobs,
		@Nullable Watch trace) {

	Job {
		knobs = Collections.unmodifiableMap(new LinkedHashMap<>(knobs));
	}

	/**
	 * The trace that is asked for.
	 *
	 * @param every a row for each step whose number it divides, from 1
	 * @param tensors patterns of the names that have a column of their own, null where
	 * all have one
	 * @param budget most bytes of the trace
	 */
	record Watch(int every, @Nullable List<String> tensors, long budget) {

		Watch {
			tensors = (tensors != null) ? List.copyOf(tensors) : null;
		}

	}

	/**
	 * Whether a knob is requested.
	 */
	boolean asks(String knob) {
		return this.knobs.containsKey(knob);
	}

	/**
	 * Reads the file.
	 * @throws IOException if it cannot be read
	 * @throws IllegalArgumentException if it is not of the contract's form
	 */
	static Job read(Path file) throws IOException {
		Map<?, ?> root = map(Json.read(Files.readString(file)));
		Map<?, ?> recipe = map(root.get("recipe"));
		Map<String, @Nullable Object> knobs = new LinkedHashMap<>();
		if (recipe.get("knobs") instanceof List<?> list) {
			for (Object entry : list) {
				Map<?, ?> knob = map(entry);
				knobs.put(String.valueOf(knob.get("name")), knob.get("value"));
			}
		}
		return new Job(String.valueOf(recipe.get("mode")), (int) number(recipe.get("seed")),
				Boolean.TRUE.equals(recipe.get("holdSeed")), "fail".equals(recipe.get("onDrift")), knobs,
				watch(root.get("watch")));
	}

	private static @Nullable Watch watch(@Nullable Object watch) {
		if (!(watch instanceof Map<?, ?> asked) || !(asked.get("trace") instanceof Map<?, ?> trace)) {
			return null;
		}
		return new Watch((int) number(trace.get("every")), tensors(trace.get("tensors")), number(trace.get("budget")));
	}

	private static @Nullable List<String> tensors(@Nullable Object asked) {
		// No switch over types: such a one is put together at its first use.
		if (asked instanceof List<?> patterns) {
			List<String> names = new ArrayList<>();
			for (Object pattern : patterns) {
				names.add(String.valueOf(pattern));
			}
			return names;
		}
		if ("all".equals(asked)) {
			return null;
		}
		if ("sum".equals(asked)) {
			return List.of();
		}
		throw new IllegalArgumentException("job.json does not say which tensors are traced");
	}

	private static Map<?, ?> map(@Nullable Object value) {
		if (value instanceof Map<?, ?> map) {
			return map;
		}
		throw new IllegalArgumentException("job.json is not of the contract's form");
	}

	private static long number(@Nullable Object value) {
		if (value instanceof Number number) {
			return number.longValue();
		}
		throw new IllegalArgumentException("job.json lacks a number");
	}

}
