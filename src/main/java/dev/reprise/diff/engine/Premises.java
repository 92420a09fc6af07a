package dev.reprise.diff.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

import dev.reprise.diff.engine.folder.Facts;
import dev.reprise.diff.engine.folder.Listings;
import dev.reprise.diff.engine.folder.ObservedProcess;
import dev.reprise.diff.engine.folder.RecordFolder;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Compares what went in on both sides. No premise moves a verdict; they explain it.
 */
final class Premises {

	private Premises() {
	}

	/**
	 * All six layers, in their order.
	 */
	static List<Diff.Premise> of(RecordFolder left, RecordFolder right) {
		return List.of(premise(Layer.SETTINGS, settings(left), settings(right)), CodePremise.of(left, right),
				Overwritten.noted(premise(Layer.INPUTS, inputs(left), inputs(right)), left, right),
				EnvironmentPremise.of(left, right), premise(Layer.MACHINE, machine(left), machine(right)),
				premise(Layer.RECIPE, recipe(left, left), recipe(right, left)));
	}

	static Diff.Premise premise(Layer layer, @Nullable SortedMap<String, Object> left,
			@Nullable SortedMap<String, Object> right) {
		if (left == null || right == null) {
			String side = (left == null) ? (right == null) ? "both sides lack" : "the left side lacks"
					: "the right side lacks";
			return new Diff.Premise(layer, null, side + " the record of it", null, List.of(), 0);
		}
		List<Diff.KeyDifference> differences = new ArrayList<>();
		int leftOut = 0;
		SortedSet<String> keys = new TreeSet<>(left.keySet());
		keys.addAll(right.keySet());
		for (String key : keys) {
			Object a = left.get(key);
			Object b = right.get(key);
			if (Objects.equals(a, b)) {
				continue;
			}
			if (differences.size() < Diff.Premise.MAX_DIFFERENCES) {
				differences.add(new Diff.KeyDifference(key, a, b).noted(alike(a, b)));
			}
			else {
				leftOut++;
			}
		}
		if (differences.isEmpty() && keys.contains(Facts.MORE)) {
			return new Diff.Premise(layer, null, "it has more entries than are read", null, List.of(), 0);
		}
		return new Diff.Premise(layer, differences.isEmpty(), null, null, differences, leftOut);
	}

	/**
	 * What keeps two values apart that read alike.
	 */
	private static @Nullable String alike(@Nullable Object a, @Nullable Object b) {
		if (a instanceof Number one && b instanceof Number other) {
			return (one.doubleValue() == other.doubleValue() && a.getClass() != b.getClass())
					? "equal as numbers; " + type(a) + " on the left, " + type(b) + " on the right" : null;
		}
		return (a != null && b != null && a.getClass() != b.getClass() && a.toString().equals(b.toString()))
				? type(a) + " on the left, " + type(b) + " on the right" : null;
	}

	private static String type(Object value) {
		return switch (value) {
			case Boolean truth -> "true or false";
			case Long whole -> "a whole number";
			case Number number -> "a floating-point number";
			case List<?> list -> "a list";
			default -> "text";
		};
	}

	/**
	 * The spec but for code, inputs and environment.
	 */
	private static @Nullable SortedMap<String, Object> settings(RecordFolder folder) {
		JsonNode spec = folder.spec();
		if (spec == null) {
			return null;
		}
		SortedMap<String, Object> settings = new TreeMap<>(Facts.of(spec, "code", "inputs", "environment").values());
		// Runs of versions that knew of no traces had none.
		if (spec.path("trace").isNull() || spec.path("trace").isMissingNode()) {
			settings.put("trace", "off");
		}
		return settings;
	}

	private static @Nullable SortedMap<String, Object> inputs(RecordFolder folder) {
		Listings listings = folder.listings();
		JsonNode spec = folder.spec();
		if (listings == null || spec == null) {
			return null;
		}
		SortedMap<String, Object> inputs = new TreeMap<>();
		listings.inputs().forEach((name, files) -> inputs.put(name, files.digest().value()));
		Facts.of(spec.path("inputs")).values().forEach((key, value) -> {
			if (key.endsWith(".path")) {
				inputs.put(key, value);
			}
		});
		return inputs;
	}

	/**
	 * The machine as the process saw it, and how the service held the process.
	 */
	private static @Nullable SortedMap<String, Object> machine(RecordFolder folder) {
		JsonNode found = folder.record().environment();
		if (found == null || folder.end() == null) {
			return null;
		}
		SortedMap<String, Object> machine = new TreeMap<>(Facts.of(found.path("machine")).values());
		machine.put("isolation", folder.end().isolation());
		return machine;
	}

	/**
	 * The knobs as they were read back, the program's own seedings and its drift.
	 * Processes beside the main one are matched by their command lines, since their
	 * numbers vary from run to run; they go by the left one's names.
	 */
	private static @Nullable SortedMap<String, Object> recipe(RecordFolder folder, RecordFolder left) {
		if (folder.record().main() == null) {
			return null;
		}
		SortedMap<String, Object> recipe = new TreeMap<>(folder.record().operations());
		List<ObservedProcess> processes = folder.record().inOrder();
		List<ObservedProcess> names = left.record().inOrder();
		for (int i = 0; i < processes.size(); i++) {
			String name = (i < names.size()) ? names.get(i).name() : "process " + (i + 1);
			add(recipe, name.equals("main") ? "" : name + "/", processes.get(i));
		}
		if (processes.size() > 1) {
			recipe.put("processes", (long) processes.size());
		}
		return recipe;
	}

	private static void add(SortedMap<String, Object> recipe, String prefix, ObservedProcess process) {
		for (Map.Entry<String, ObservedProcess.Reading> knob : process.knobs().entrySet()) {
			ObservedProcess.Reading reading = knob.getValue();
			String key = prefix + knob.getKey();
			putKnown(recipe, key, reading.status().equals("read") ? reading.start() : reading.status());
			if (!Objects.equals(reading.start(), reading.end())) {
				putKnown(recipe, key + ".end", (reading.end() != null) ? reading.end() : "unknown");
			}
		}
		Map<String, List<ObservedProcess.Seeding>> seedings = process.seedings()
			.stream()
			.collect(Collectors.groupingBy((seeding) -> prefix + seeding.call() + " at " + seeding.place()));
		seedings.forEach((key, calls) -> recipe.put(key,
				calls.stream()
					.map((call) -> call.value() + (call.held() ? " (held)" : ""))
					.distinct()
					.collect(Collectors.joining(", "))));
		Map<String, List<ObservedProcess.Drift>> drift = process.drift()
			.stream()
			.collect(Collectors.groupingBy((change) -> prefix + change.knob() + " changed at " + change.place()));
		drift.forEach((key, changes) -> recipe.put(key,
				changes.stream()
					.map((change) -> String.valueOf(change.to()))
					.distinct()
					.collect(Collectors.joining(", "))));
	}

	private static void putKnown(SortedMap<String, Object> recipe, String key, @Nullable Object value) {
		if (value != null) {
			recipe.put(key, value);
		}
	}

}
