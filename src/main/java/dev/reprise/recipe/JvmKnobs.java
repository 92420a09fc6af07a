package dev.reprise.recipe;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

import dev.reprise.recipe.Knob.Level;
import dev.reprise.recipe.Knob.When;
import dev.reprise.recipe.RecipeBook.Row;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * The knobs of a program on the JVM: those of Python's book that mean the same there, and
 * its own.
 */
final class JvmKnobs {

	private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

	private static final String SOURCE = "OpenJDK source, ";

	private static final List<String> SHARED_SEEDS = List.of("torch.manual_seed", "torch.cuda.manual_seed_all");

	private static final List<String> NOT_SHARED = List.of("random.seed", "numpy.random.seed",
			"numpy.random.bit_generator.randbits", "torch.cuda.manual_seed", "torch.backends.fp32_precision",
			"PYTHONHASHSEED", "TORCHINDUCTOR_DETERMINISTIC", "TORCHINDUCTOR_CACHE_DIR", "TRITON_CACHE_DIR",
			"PYTHONDONTWRITEBYTECODE");

	private static final List<Row> OWN = List.of(
	// @formatter:off
		RecipeBook.seed("jvm.Random.seed", Level.SEEDED, Item.JVM_RANDOM,
				"new Random(), new SplittableRandom() and Collections.shuffle start from the clock; in the program's classes and DJL's each is given a seed from the job's, its place and how many were made there before, but by a reference that can be serialized, which is reported.",
				"Java documentation, java.util.Random"),
		new Row("torch.num_interop_threads", When.RUNTIME, Level.SEEDED, Item.THREADS, false, "1",
				"Operations that run beside each other may finish in another order; DJL sets it when it loads the library.",
				"PyTorch documentation, torch.set_num_interop_threads", (ask) -> JSON.numberNode(1)),
		new Row("jvm.ImmutableCollections.SALT", When.RUNTIME, Level.SEEDED, Item.HASH_SEED, false, "0",
				"The order of Set.of and Map.of follows a salt that is new in each process; a constant, since nothing is sampled with it.",
				SOURCE + "java.util.ImmutableCollections", (ask) -> JSON.numberNode(0)),
		new Row("jvm.identityHashCode", When.RUNTIME, Level.STRICT, Item.HASH_SEED, false, "1",
				"The order of a HashSet of objects without a hash of their own follows random numbers of each thread; a constant (-XX:hashCode=2), which makes large sets of such objects slow.",
				SOURCE + "hotspot, synchronizer.cpp", (ask) -> JSON.numberNode(1)),
		new Row("djl.dataLoaders", When.RUNTIME, Level.WARN, Item.DATA_LOADERS, false, "1",
				"Two threads that prefetch draw from one generator in the order in which they come to it: with a random transform, each run differs.",
				"DJL source, ai.djl.training.dataset.DataIterable", (ask) -> JSON.numberNode(1)));
	// @formatter:on

	/**
	 * In the order in which they are set.
	 */
	static final List<Row> ALL = all();

	private JvmKnobs() {
	}

	private static List<Row> all() {
		Stream<Row> shared = RecipeBook.allKnobs()
			.stream()
			.filter((row) -> !NOT_SHARED.contains(row.name()) && !SHARED_SEEDS.contains(row.name()));
		Stream<Row> seeds = RecipeBook.allKnobs().stream().filter((row) -> SHARED_SEEDS.contains(row.name()));
		return Stream.of(seeds, OWN.stream(), shared).flatMap((rows) -> rows).toList();
	}

	/**
	 * The row of a knob that Python has not, if there is one of that name.
	 */
	static Optional<Row> own(String name) {
		return OWN.stream().filter((row) -> row.name().equals(name)).findFirst();
	}

}
