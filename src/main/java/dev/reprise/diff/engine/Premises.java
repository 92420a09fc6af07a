package dev.reprise.diff.engine;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

import dev.reprise.artifact.ListedFile;
import dev.reprise.artifact.Listing;
import dev.reprise.diff.engine.folder.Facts;
import dev.reprise.diff.engine.folder.Listings;
import dev.reprise.diff.engine.folder.ObservedProcess;
import dev.reprise.diff.engine.folder.RecordFolder;
import dev.reprise.diff.reader.bytes.PlainText;
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
		return List.of(premise(Layer.SETTINGS, settings(left), settings(right)),
				premise(Layer.CODE, code(left), code(right)), premise(Layer.INPUTS, inputs(left), inputs(right)),
				premise(Layer.ENVIRONMENT, environment(left), environment(right)),
				premise(Layer.MACHINE, machine(left), machine(right)),
				premise(Layer.RECIPE, recipe(left, left), recipe(right, left)));
	}

	private static Diff.Premise premise(Layer layer, @Nullable SortedMap<String, Object> left,
			@Nullable SortedMap<String, Object> right) {
		if (left == null || right == null) {
			String side = (left == null) ? (right == null) ? "both sides lack" : "the left side lacks"
					: "the right side lacks";
			return new Diff.Premise(layer, null, side + " the record of it", List.of(), 0);
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
				differences.add(new Diff.KeyDifference(key, a, b));
			}
			else {
				leftOut++;
			}
		}
		if (differences.isEmpty() && keys.contains(Facts.MORE)) {
			return new Diff.Premise(layer, null, "it has more entries than are read", List.of(), 0);
		}
		return new Diff.Premise(layer, differences.isEmpty(), null, differences, leftOut);
	}

	/**
	 * The spec but for code, inputs and environment.
	 */
	private static @Nullable SortedMap<String, Object> settings(RecordFolder folder) {
		JsonNode spec = folder.spec();
		return (spec != null) ? Facts.of(spec, "code", "inputs", "environment").values() : null;
	}

	private static @Nullable SortedMap<String, Object> code(RecordFolder folder) {
		Listings listings = folder.listings();
		if (listings == null) {
			return null;
		}
		SortedMap<String, Object> code = listing(listings.code());
		if (listings.codeUnread()) {
			code.put(Facts.MORE, "not read");
		}
		return code;
	}

	private static SortedMap<String, Object> listing(Listing listing) {
		SortedMap<String, Object> files = new TreeMap<>();
		for (ListedFile file : listing.files()) {
			files.put(PlainText.of(file.path()),
					file.mode().equals("644") ? file.digest().value() : file.mode() + " " + file.digest());
		}
		return files;
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
	 * What was asked for, below {@code spec}, and what was found in the process.
	 */
	private static @Nullable SortedMap<String, Object> environment(RecordFolder folder) {
		JsonNode found = folder.record().environment();
		JsonNode spec = folder.spec();
		if (found == null || spec == null) {
			return null;
		}
		SortedMap<String, Object> environment = new TreeMap<>(Facts.of(found.path("environment")).values());
		Facts.of(spec.path("environment")).values().forEach((key, value) -> environment.put("spec." + key, value));
		return environment;
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
		SortedMap<String, Object> recipe = new TreeMap<>();
		List<ObservedProcess> processes = inOrder(folder);
		List<ObservedProcess> names = inOrder(left);
		for (int i = 0; i < processes.size(); i++) {
			String name = (i < names.size()) ? names.get(i).name() : "process " + (i + 1);
			add(recipe, name.equals("main") ? "" : name + "/", processes.get(i));
		}
		if (processes.size() > 1) {
			recipe.put("processes", (long) processes.size());
		}
		return recipe;
	}

	private static List<ObservedProcess> inOrder(RecordFolder folder) {
		return folder.record()
			.processes()
			.stream()
			.sorted(Comparator.comparingInt((ObservedProcess process) -> process.name().equals("main") ? 0 : 1)
				.thenComparing(ObservedProcess::argv)
				.thenComparingInt((process) -> process.name().length())
				.thenComparing(ObservedProcess::name))
			.toList();
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
