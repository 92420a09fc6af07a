package dev.reprise.diff.engine;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

import dev.reprise.diff.engine.folder.ObservedProcess;
import dev.reprise.diff.engine.folder.Operations;
import dev.reprise.diff.engine.folder.RecordFolder;
import dev.reprise.diff.reader.bytes.PlainText;
import org.jspecify.annotations.Nullable;

/**
 * Collects what is known to differ between two runs and may make a difference of results,
 * and what their programs read that no seed decides.
 */
final class Suspects {

	private static final int MAX_VALUE = 120;

	private static final int MAX_SOURCES = 100;

	/** Each with the generator whose state it decides. */
	private static final Map<String, String> SEEDS = Map.of("random.seed", "python", "numpy.random.seed", "numpy",
			"torch.manual_seed", "torch", "torch.cuda.manual_seed", "torch-cuda", "torch.cuda.manual_seed_all",
			"torch-cuda");

	private static final String UNSEEDED_NUMPY = "numpy.random.bit_generator.randbits";

	private static final List<String> THREADS = List.of("torch.num_threads", "OMP_NUM_THREADS", "MKL_NUM_THREADS");

	/** Places of caches, which are a run's own. */
	private static final Set<String> NO_CAUSE = Set.of("TORCHINDUCTOR_CACHE_DIR", "TRITON_CACHE_DIR");

	private static final String CLOCK = "The program reads a clock there, which may be no more than a measurement.";

	private static final String SALT = "jvm.ImmutableCollections.SALT";

	private static final List<String> SETS = List.of("PYTHONHASHSEED", "address_layout");

	private static final List<String> JVM_SETS = List.of(SALT, "jvm.identityHashCode");

	/** Java's generators, which have no column. */
	private static final String JAVA_SEED = "jvm.Random.seed";

	private static final String LOADERS = "djl.dataLoaders";

	private static final Set<String> CLOCKS = Set.of("System.nanoTime", "System.currentTimeMillis", "new Date",
			"Calendar.getInstance", "new GregorianCalendar", "InstantSource.system");

	private final List<Diff.Premise> premises;

	private final RecordFolder left;

	private final RecordFolder right;

	private final List<Suspect> found = new ArrayList<>();

	Suspects(List<Diff.Premise> premises, RecordFolder left, RecordFolder right) {
		this.premises = premises;
		this.left = left;
		this.right = right;
	}

	/**
	 * All of them, in the order of the premises.
	 */
	List<Suspect> all() {
		Set<String> derived = Derived.keys(this.premises);
		for (Diff.Premise premise : this.premises) {
			for (Diff.KeyDifference difference : premise.differences()) {
				Family family = family(premise.layer(), difference.key());
				if (family != null
						&& (premise.layer() != Layer.RECIPE || !Derived.isDerived(difference.key(), derived))) {
					add(premise.layer(), difference, family);
				}
			}
		}
		unseeded();
		listings();
		sources();
		jvm();
		Stream.concat(this.left.record().warned().stream(), this.right.record().warned().stream())
			.distinct()
			.forEach((operation) -> this.found
				.add(new Suspect(Layer.RECIPE, operation, Family.WARNED, "it was used on " + sides(operation))));
		sets();
		return this.found;
	}

	/**
	 * The sort of a premise's key, null for one that is no cause.
	 */
	static @Nullable Family family(Layer layer, String key) {
		return switch (layer) {
			case CODE -> CodeFamily.of(key);
			case INPUTS -> Family.INPUTS;
			case SETTINGS -> settings(key);
			case MACHINE -> (key.startsWith("gpus") || key.startsWith("cpu.capability")) ? Family.DEVICE
					: Stream.of("cpu.", "driver", "glibc", "compiler").anyMatch(key::startsWith) ? Family.MACHINE
							: null;
			case ENVIRONMENT -> key.startsWith("harness.") ? null
					: Stream.of("torch.", "packages.torch.", "packages.numpy.").anyMatch(key::startsWith)
							? Family.LIBRARY : Family.PACKAGE;
			case RECIPE -> recipe(key);
			case END, TRACE, OUTPUTS -> null;
		};
	}

	private static @Nullable Family settings(String key) {
		if (key.startsWith("runtime.")) {
			return Family.COMMAND;
		}
		if (key.startsWith("env.")) {
			return Family.VARIABLE;
		}
		return switch (key) {
			case "seed" -> Family.SEED;
			case "resources.threads" -> Family.THREADS;
			case "resources.gpus", "resources.gpuModel" -> Family.DEVICE;
			case "determinism", "portable", "holdSeed" -> Family.MODE;
			default -> null;
		};
	}

	private static @Nullable Family recipe(String key) {
		if (key.startsWith(Operations.PREFIX)) {
			return null;
		}
		String name = withoutProcess(key);
		if (name.contains(" changed at ")) {
			return NO_CAUSE.contains(name.substring(0, name.indexOf(" changed at "))) ? null : Family.DRIFT;
		}
		if (name.contains(" at ")) {
			return Family.SEEDING;
		}
		boolean end = name.endsWith(".end");
		String knob = end ? name.substring(0, name.length() - ".end".length()) : name;
		if (NO_CAUSE.contains(knob)) {
			return null;
		}
		if (SEEDS.containsKey(knob) || knob.equals(UNSEEDED_NUMPY)) {
			// What becomes of a seed later is told by the program's seedings.
			return end ? null : Family.SEED;
		}
		return knob.equals("processes") ? Family.PROCESSES : THREADS.contains(knob) ? Family.THREADS
				: (SETS.contains(knob) || JVM_SETS.contains(knob)) ? Family.ORDER : Family.KNOB;
	}

	private void add(Layer layer, Diff.KeyDifference difference, Family family) {
		String key = difference.key();
		switch (family) {
			case SEEDING -> seeding(difference);
			case DRIFT -> drift(difference);
			case CODE -> this.found.add(new Suspect(layer, key, CodeFamily.of(difference), said(difference)));
			case SEED -> seed(layer, difference);
			case KNOB, THREADS -> {
				if (layer != Layer.RECIPE || !key.endsWith(".end") || !drifted(key)) {
					this.found.add(new Suspect(layer, key, family, said(difference)));
				}
			}
			default -> this.found.add(new Suspect(layer, key, family, said(difference)));
		}
	}

	/**
	 * The job's seed reaches no generator that the program of both sides seeds alike, or
	 * that a knob of its own was set for.
	 */
	private void seed(Layer layer, Diff.KeyDifference difference) {
		Seeds own = Seeds.own(this.left, this.right);
		boolean settings = layer == Layer.SETTINGS;
		String why = (settings && own.any())
				? "The job's seed reaches only what draws before the program seeds anew: " + own.setTheirOwn() + "."
				: null;
		String generator = settings ? null : SEEDS.get(difference.key());
		this.found.add(new Suspect(layer, difference.key(), Family.SEED, why, said(difference), generator, null));
	}

	private void seeding(Diff.KeyDifference difference) {
		List<ObservedProcess.Seeding> onLeft = seedings(this.left, difference.key());
		List<ObservedProcess.Seeding> onRight = seedings(this.right, difference.key());
		List<ObservedProcess.Seeding> all = Stream.concat(onLeft.stream(), onRight.stream()).toList();
		if (all.isEmpty()
				|| moved(all, onLeft.isEmpty() ? this.left : this.right, onLeft.isEmpty(), onRight.isEmpty())) {
			return;
		}
		this.found.add(new Suspect(Layer.RECIPE, difference.key(), Family.SEEDING, null, said(difference),
				all.getFirst().generator(), first(all, ObservedProcess.Seeding::step)));
	}

	/**
	 * Whether the other side makes the same calls, in another line.
	 */
	private static boolean moved(List<ObservedProcess.Seeding> calls, RecordFolder other, boolean noLeft,
			boolean noRight) {
		return (noLeft || noRight)
				&& calls.stream()
					.allMatch((call) -> processes(other).flatMap((process) -> process.seedings().stream())
						.anyMatch((seeding) -> seeding.call().equals(call.call())
								&& Objects.equals(seeding.value(), call.value())
								&& Objects.equals(seeding.step(), call.step())));
	}

	/**
	 * A key of the recipe without the process that stands before it. A slash that comes
	 * later is one of a place in the program: {@code torch.num_threads changed at
	 * model/train.py:7}.
	 */
	private static String withoutProcess(String key) {
		int slash = key.indexOf('/');
		int place = key.indexOf(" at ");
		return (place >= 0 && slash > place) ? key : key.substring(slash + 1);
	}

	private static List<ObservedProcess.Seeding> seedings(RecordFolder folder, String key) {
		String name = withoutProcess(key);
		return processes(folder).flatMap((process) -> process.seedings().stream())
			.filter((seeding) -> (seeding.call() + " at " + seeding.place()).equals(name))
			.toList();
	}

	private void drift(Diff.KeyDifference difference) {
		List<ObservedProcess.Drift> onLeft = drifts(this.left, difference.key());
		List<ObservedProcess.Drift> onRight = drifts(this.right, difference.key());
		List<ObservedProcess.Drift> all = Stream.concat(onLeft.stream(), onRight.stream()).toList();
		RecordFolder other = onLeft.isEmpty() ? this.left : this.right;
		boolean moved = (onLeft.isEmpty() || onRight.isEmpty()) && all.stream()
			.allMatch((change) -> processes(other).flatMap((process) -> process.drift().stream())
				.anyMatch((one) -> one.knob().equals(change.knob()) && Objects.equals(one.to(), change.to())
						&& Objects.equals(one.step(), change.step())));
		if (!all.isEmpty() && !moved) {
			Long step = first(all, ObservedProcess.Drift::step);
			this.found.add(new Suspect(Layer.RECIPE, difference.key(), Family.DRIFT, null,
					said(difference) + ((step != null) ? ", in step " + step : ""), null, step));
		}
	}

	private static List<ObservedProcess.Drift> drifts(RecordFolder folder, String key) {
		String name = withoutProcess(key);
		return processes(folder).flatMap((process) -> process.drift().stream())
			.filter((change) -> (change.knob() + " changed at " + change.place()).equals(name))
			.toList();
	}

	private boolean drifted(String key) {
		String name = withoutProcess(key);
		String knob = name.substring(0, name.length() - ".end".length());
		return Stream.of(this.left, this.right)
			.flatMap(Suspects::processes)
			.flatMap((process) -> process.drift().stream())
			.anyMatch((change) -> change.knob().equals(knob));
	}

	/**
	 * Generators that neither the job nor the program of either side seeds.
	 */
	private void unseeded() {
		SEEDS.forEach((knob, generator) -> {
			if (!knob.startsWith("torch.cuda") && unseeded(this.left, knob, generator)
					&& unseeded(this.right, knob, generator)) {
				this.found.add(new Suspect(Layer.RECIPE, knob, Family.UNSEEDED, null,
						"it was seeded neither by the job nor by the program, on both sides", generator, null));
			}
		});
	}

	private static boolean unseeded(RecordFolder folder, String knob, String generator) {
		ObservedProcess main = folder.record().main();
		ObservedProcess.Reading reading = (main != null) ? main.knobs().get(knob) : null;
		return main != null && reading != null && reading.status().equals("read") && reading.start() == null
				&& main.seedings().stream().noneMatch((seeding) -> seeding.generator().equals(generator));
	}

	/**
	 * Folders whose files came in another order.
	 */
	private void listings() {
		Map<String, ObservedProcess.Source> onLeft = sources(this.left, true);
		sources(this.right, true).forEach((key, source) -> {
			ObservedProcess.Source other = onLeft.get(key);
			if (other != null && !Objects.equals(other.order(), source.order())) {
				this.found.add(new Suspect(Layer.RECIPE, key, Family.LISTING, null,
						"the names came in another order, or were others", null, source.step()));
			}
		});
	}

	private void sources() {
		Map<String, ObservedProcess.Source> all = sources(this.left, false);
		Map<String, ObservedProcess.Source> onRight = sources(this.right, false);
		Set<String> onLeft = Set.copyOf(all.keySet());
		onRight.forEach(all::putIfAbsent);
		all.forEach((key, source) -> {
			String side = !onRight.containsKey(key) ? "on the left only"
					: !onLeft.contains(key) ? "on the right only" : "on both sides";
			this.found.add(new Suspect(Layer.RECIPE, key, Family.SOURCE, isClock(source.call()) ? CLOCK : null,
					side + ((source.step() != null) ? ", first in step " + source.step() : ""), null, source.step()));
		});
	}

	private static boolean isClock(String call) {
		return CLOCKS.contains(call) || call.endsWith(".now") || call.startsWith("Clock.");
	}

	/**
	 * What decides the order of draws, and numbers that are drawn from what has no
	 * column.
	 */
	private void jvm() {
		Object onLeft = started(this.left, JAVA_SEED);
		Object onRight = started(this.right, JAVA_SEED);
		if (!Objects.equals(onLeft, onRight)) {
			this.found.add(new Suspect(Layer.RECIPE, JAVA_SEED, Family.SOURCE,
					"Generators of Java's own begin with it, and their states are in no column.",
					value(onLeft) + " on the left, " + value(onRight) + " on the right", null, null));
		}
		if ("several".equals(started(this.left, LOADERS)) && "several".equals(started(this.right, LOADERS))) {
			this.found.add(new Suspect(Layer.RECIPE, LOADERS, Family.SOURCE,
					"Several threads load data: where they draw from one generator, the order of their draws is left to chance.",
					"it was left to chance on both sides", null, null));
		}
	}

	private static @Nullable Object started(RecordFolder folder, String knob) {
		ObservedProcess main = folder.record().main();
		ObservedProcess.Reading reading = (main != null) ? main.knobs().get(knob) : null;
		return (reading != null && reading.status().equals("read")) ? reading.start() : null;
	}

	/**
	 * By call and place, those with an order or those without.
	 */
	private static Map<String, ObservedProcess.Source> sources(RecordFolder folder, boolean ordered) {
		Map<String, ObservedProcess.Source> sources = new LinkedHashMap<>();
		processes(folder).flatMap((process) -> process.sources().stream())
			.filter((source) -> (source.order() != null) == ordered && !source.place().equals("?"))
			.limit(MAX_SOURCES)
			.forEach((source) -> sources.putIfAbsent(source.call() + " at " + source.place(), source));
		return sources;
	}

	/**
	 * What the order of sets depends on, where it was left to chance on both sides.
	 */
	private void sets() {
		ObservedProcess main = this.left.record().main();
		boolean jvm = main != null && main.knobs().containsKey(SALT);
		for (String knob : jvm ? JVM_SETS : SETS) {
			if (open(this.left, knob) && open(this.right, knob)) {
				this.found.add(new Suspect(Layer.RECIPE, knob, Family.ORDER, "it was left to chance on both sides"));
			}
		}
	}

	private static boolean open(RecordFolder folder, String knob) {
		ObservedProcess main = folder.record().main();
		ObservedProcess.Reading reading = (main != null) ? main.knobs().get(knob) : null;
		return reading != null && reading.status().equals("read")
				&& (reading.start() == null || reading.start().equals("random"));
	}

	private static <T> @Nullable Long first(List<T> entries, Function<T, @Nullable Long> step) {
		return entries.stream().map(step).filter(Objects::nonNull).min(Long::compare).orElse(null);
	}

	private static Stream<ObservedProcess> processes(RecordFolder folder) {
		return folder.record().processes().stream();
	}

	private String sides(String operation) {
		boolean onLeft = this.left.record().warned().contains(operation);
		boolean onRight = this.right.record().warned().contains(operation);
		return (onLeft && onRight) ? "both sides" : onLeft ? "the left side only" : "the right side only";
	}

	private static String said(Diff.KeyDifference difference) {
		if (difference.text() != null) {
			long lines = CodeFamily.changed(difference.text());
			return String.format(Locale.ROOT, "%,d line%s%s, the first is line %,d", lines,
					(lines == 1) ? " differs" : "s differ", (difference.text().leftOut() > 0) ? " or more" : "",
					difference.text().firstLine());
		}
		if (difference.note() != null) {
			return PlainText.of(difference.note(), MAX_VALUE);
		}
		return value(difference.left()) + " on the left, " + value(difference.right()) + " on the right";
	}

	private static String value(@Nullable Object value) {
		return (value != null) ? PlainText.of(value.toString(), MAX_VALUE) : "nothing";
	}

}
