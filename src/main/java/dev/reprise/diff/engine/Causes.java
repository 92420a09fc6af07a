package dev.reprise.diff.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

import dev.reprise.diff.engine.folder.RecordFolder;

/**
 * What may explain a difference: the premises that differ and are known to change bits,
 * by a table in order of suspicion ({@code docs/verdicts.md}). What is in no row is no
 * cause: a label, a name, a priority.
 */
final class Causes {

	private static final String LIKELY = "likely";

	private static final String POSSIBLE = "possible";

	private static final int MAX_FOR_ROW = 5;

	private static final List<Row> TABLE = List.of(
			row(Layer.CODE, (key) -> true, LIKELY, "The program is not the same."),
			row(Layer.INPUTS, (key) -> true, LIKELY, "The program was given other data."),
			row(Layer.SETTINGS, (key) -> key.startsWith("runtime."), LIKELY,
					"The program was started with another command line."),
			row(Layer.SETTINGS, (key) -> key.startsWith("env."), LIKELY,
					"The program was given other environment variables."),
			row(Layer.SETTINGS, Set.of("seed")::contains, LIKELY,
					"Every generator that the job's seed reaches drew other numbers."),
			row(Layer.SETTINGS, Set.of("resources.threads")::contains, LIKELY,
					"Sums are split among the threads, and floating-point sums depend on the split."),
			row(Layer.SETTINGS, Set.of("resources.gpus", "resources.gpuModel")::contains, LIKELY,
					"Other devices run other kernels and split the work otherwise."),
			row(Layer.SETTINGS, Set.of("determinism", "portable", "holdSeed")::contains, POSSIBLE,
					"Another recipe selects other implementations."),
			row(Layer.MACHINE, (key) -> key.startsWith("gpus") || key.startsWith("cpu.capability"), LIKELY,
					"Kernels are chosen by the device and its instruction set."),
			row(Layer.ENVIRONMENT,
					(key) -> Stream.of("torch.", "packages.torch.", "packages.numpy.").anyMatch(key::startsWith),
					LIKELY, "Another version of the library computes in another way."),
			row(Layer.ENVIRONMENT, (key) -> !key.startsWith("harness."), POSSIBLE, "The packages are not the same."),
			row(Layer.MACHINE, (key) -> Stream.of("cpu.", "driver", "glibc", "compiler").anyMatch(key::startsWith),
					POSSIBLE, "Kernels and mathematical functions are chosen by the machine."),
			row(Layer.RECIPE, (key) -> true, POSSIBLE, "The process did not observe the same knobs on both sides."));

	private Causes() {
	}

	/**
	 * How near the top of the table a key is that differs; what is in no row comes last.
	 */
	static int rank(Layer layer, String key) {
		for (int i = 0; i < TABLE.size(); i++) {
			if (TABLE.get(i).layer() == layer && TABLE.get(i).keys().test(key)) {
				return i;
			}
		}
		return TABLE.size();
	}

	static List<Diff.Cause> of(List<Diff.Premise> premises, RecordFolder left, RecordFolder right) {
		List<Diff.Cause> causes = new ArrayList<>();
		Set<String> derived = Derived.keys(premises);
		Seeds seeds = Seeds.own(left, right);
		for (Row row : TABLE) {
			List<Diff.KeyDifference> matching = premises.stream()
				.filter((premise) -> premise.layer() == row.layer())
				.flatMap((premise) -> premise.differences().stream())
				.filter((difference) -> row.keys().test(difference.key()))
				.filter((difference) -> row.layer() != Layer.RECIPE || !Derived.isDerived(difference.key(), derived))
				.filter((difference) -> causes.stream()
					.noneMatch((cause) -> cause.layer() == row.layer() && cause.key().equals(difference.key())))
				.limit(MAX_FOR_ROW)
				.toList();
			matching.forEach((difference) -> causes.add(cause(row, difference.key(), seeds)));
		}
		Stream.concat(left.record().warned().stream(), right.record().warned().stream())
			.distinct()
			.limit(MAX_FOR_ROW)
			.forEach((operation) -> causes.add(new Diff.Cause(Layer.RECIPE, operation, POSSIBLE,
					"The library warned that this operation has no deterministic implementation.")));
		return causes;
	}

	private static Diff.Cause cause(Row row, String key, Seeds seeds) {
		if (row.layer() == Layer.SETTINGS && key.equals("seed") && seeds.any()) {
			return new Diff.Cause(row.layer(), key, POSSIBLE,
					"The job's seed reaches only what draws before the program seeds anew: " + seeds.setTheirOwn()
							+ ".");
		}
		return new Diff.Cause(row.layer(), key, row.confidence(), row.why());
	}

	private static Row row(Layer layer, Predicate<String> keys, String confidence, String why) {
		return new Row(layer, keys, confidence, why);
	}

	private record Row(Layer layer, Predicate<String> keys, String confidence, String why) {
	}

}
