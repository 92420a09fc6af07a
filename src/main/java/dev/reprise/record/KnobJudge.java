package dev.reprise.record;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import dev.reprise.recipe.Item;
import dev.reprise.recipe.Knob;
import dev.reprise.recipe.Recipe;
import dev.reprise.record.ItemJudge.Finding;
import dev.reprise.record.ProcessRecord.Drift;
import dev.reprise.record.ProcessRecord.Reading;
import dev.reprise.record.ProcessRecord.Seeding;
import dev.reprise.record.ProcessRecord.Status;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Holds what one process wrote against the knobs that were requested.
 */
final class KnobJudge {

	private static final Map<String, Item> ITEMS = Map.of("python", Item.PYTHON_RANDOM, "numpy", Item.NUMPY, "torch",
			Item.TORCH_CPU, "torch-cuda", Item.TORCH_CUDA);

	/**
	 * The knob that is the seed of an item's global generator.
	 */
	private static final Set<String> SEEDS = Set.of("random.seed", "numpy.random.seed", "torch.manual_seed",
			"torch.cuda.manual_seed", "torch.cuda.manual_seed_all");

	/**
	 * To how many threads PyTorch's loader sets its workers.
	 */
	private static final int LOADERS_THREADS = 1;

	private static final BigInteger TWO_TO_32 = BigInteger.TWO.pow(32);

	private static final Set<String> SEEDS_GPUS_TOO = Set.of("torch.manual_seed", "torch.seed",
			"torch.random.manual_seed", "torch.random.seed");

	private final Recipe recipe;

	private final ProcessRecord process;

	private final boolean withoutGpu;

	private final boolean endedFork;

	private final Set<BigInteger> loaderSeeds;

	private final List<Finding> findings = new ArrayList<>();

	private boolean read;

	KnobJudge(Recipe recipe, ProcessRecord process, boolean withoutGpu, boolean endedFork) {
		this.recipe = recipe;
		this.process = process;
		this.withoutGpu = withoutGpu;
		this.endedFork = endedFork;
		this.loaderSeeds = loaderSeeds(process);
	}

	/**
	 * Whether any knob was read in the process.
	 */
	boolean hasRead() {
		return this.read;
	}

	List<Finding> judge(Item item, List<Knob> requested) {
		if (!this.process.observed()) {
			add(Held.NOT_AVAILABLE, "What " + this.process.name() + " wrote about itself cannot be read.");
			return this.findings;
		}
		for (Knob knob : requested) {
			drift(knob);
		}
		seedings(item);
		for (Knob knob : requested) {
			reading(item, knob);
		}
		for (String part : List.of("knobs", "drift", "seedings")) {
			if (this.process.damaged().contains(part)) {
				add(Held.NOT_AVAILABLE,
						"Not all that " + this.process.name() + " wrote about its " + part + " can be read.");
			}
		}
		return this.findings;
	}

	private void drift(Knob knob) {
		for (Drift drift : this.process.drift()) {
			if (drift.knob().equals(knob.name())) {
				String change = "changed " + knob.name() + " from " + Shown.value(drift.from()) + " to "
						+ Shown.value(drift.to());
				String place = drift.place();
				add(Held.NO,
						((place != null) ? Shown.text(place) + " " + change
								: "Something " + change + ", which was found at the end only")
								+ (drift.undone() ? ", and it was changed back later" : "") + inProcess() + ".");
			}
		}
	}

	private void seedings(Item item) {
		for (Seeding seeding : this.process.seedings()) {
			if (!concerns(seeding, item) || isDerived(seeding.value()) || isSeed(seeding.value())) {
				continue;
			}
			String place = (seeding.place() != null) ? Shown.text(seeding.place()) : "The program";
			String call = Shown.text(seeding.call());
			if (seeding.held()) {
				add(Held.YES, place + " called " + call + "(" + shown(seeding.value()) + "); the job's seed was held"
						+ inProcess() + ".");
			}
			else if (seeding.value().isNull() && restoresState(seeding.call())) {
				add(Held.NOT_AVAILABLE, place + " called " + call + ", which restored a state whose seed cannot be told"
						+ inProcess() + ".");
			}
			else {
				add(Held.NO,
						place + " called " + call + "(" + shown(seeding.value())
								+ "), which put another seed in force than the job's " + this.recipe.seed()
								+ inProcess() + ".");
			}
		}
	}

	private static boolean concerns(Seeding seeding, Item item) {
		return ITEMS.get(seeding.generator()) == item || (item == Item.TORCH_CUDA && seeding.generator().equals("torch")
				&& SEEDS_GPUS_TOO.contains(seeding.call()));
	}

	private static String shown(JsonNode seed) {
		return seed.isNull() ? "" : Shown.value(seed);
	}

	private static boolean restoresState(String call) {
		return call.substring(call.lastIndexOf('.') + 1).startsWith("set");
	}

	private void reading(Item item, Knob knob) {
		Reading reading = this.process.knobs().get(knob.name());
		if (reading == null) {
			add(Held.NOT_AVAILABLE, knob.name() + " was not recorded" + inProcess() + ".");
			return;
		}
		switch (reading.status()) {
			case NOT_APPLICABLE -> notApplicable(item, knob, reading);
			case NOT_AVAILABLE ->
				add(Held.NOT_AVAILABLE, because(knob.name() + " cannot be read", reading.why()) + inProcess() + ".");
			case READ -> read(knob, reading);
		}
	}

	private void notApplicable(Item item, Knob knob, Reading reading) {
		String library = library(knob);
		boolean notImported = library != null && !this.process.imported().contains(library);
		boolean noGpu = item == Item.TORCH_CUDA
				|| (this.withoutGpu && library != null && (ItemJudge.GPU_ONLY.contains(item) || item == Item.TF32));
		if (notImported || noGpu) {
			add(Held.NOT_APPLICABLE, notImported ? library + " was never imported."
					: because(knob.name() + " is not there to be read", reading.why()) + ".");
		}
		else {
			add(Held.NOT_AVAILABLE,
					because(knob.name() + " was not read, although there is no reason for it", reading.why())
							+ inProcess() + ".");
		}
	}

	private static @Nullable String library(Knob knob) {
		if (knob.when() == Knob.When.PROCESS) {
			return null;
		}
		String first = knob.name().substring(0, Math.max(0, knob.name().indexOf('.')));
		return switch (first) {
			case "torch", "djl" -> first;
			case "numpy" -> "numpy.random";
			default -> null;
		};
	}

	private void read(Knob knob, Reading reading) {
		this.read = true;
		if (reading.start().isNull() && knob.isVariable()) {
			add(Held.NO, because(knob.name() + " was not in force when the program started", reading.why())
					+ inProcess() + ".");
			return;
		}
		if (reading.start().isNull()) {
			add(Held.NOT_AVAILABLE, knob.name() + " was not read at the start" + inProcess() + ".");
		}
		else if (!isInForce(knob, reading.start())) {
			add(Held.NO, knob.name() + " was " + Shown.value(reading.start()) + " when the program started, not "
					+ Shown.value(knob.value()) + inProcess() + ".");
		}
		if (reading.end().isNull()) {
			if (this.process.complete() && isInForce(knob, reading.end())) {
				return;
			}
			add(Held.NOT_AVAILABLE, notReadAtEnd(knob));
		}
		else if (!this.process.complete()) {
			add(Held.NOT_AVAILABLE, this.process.name() + " did not write its record to the end.");
		}
		else if (!isInForce(knob, reading.end())) {
			add(Held.NO, because(knob.name() + " was " + Shown.value(reading.end()) + " at the end, not "
					+ Shown.value(knob.value()), reading.why()) + inProcess() + ".");
		}
	}

	private String notReadAtEnd(Knob knob) {
		if (this.endedFork) {
			return this.process.name() + ", a forked process, was ended before it could read " + knob.name()
					+ " a second time.";
		}
		return this.process.complete() ? knob.name() + " was not read at the end" + inProcess() + "."
				: this.process.name() + " ended before it could read " + knob.name() + " a second time.";
	}

	/**
	 * Whether a value is the one that was requested or, in a loader's worker, one that is
	 * derived from it.
	 */
	private boolean isInForce(Knob knob, JsonNode value) {
		if (isSame(knob, value)) {
			return true;
		}
		if (SEEDS.contains(knob.name())) {
			return isDerived(value);
		}
		return knob.name().equals("torch.num_threads") && !this.loaderSeeds.isEmpty() && value.isInt()
				&& value.intValue() == LOADERS_THREADS;
	}

	private static boolean isSame(Knob knob, JsonNode value) {
		if (knob.isVariable()) {
			return value.isValueNode() && !value.isNull() && value.asString().equals(knob.value().asString());
		}
		return value.equals(knob.value()) || (value.isIntegralNumber() && knob.value().isIntegralNumber()
				&& value.bigIntegerValue().equals(knob.value().bigIntegerValue()));
	}

	/**
	 * Whether a loader's worker was seeded from the seed that the loader gave it, as by a
	 * {@code worker_init_fn} in the way that PyTorch's notes on reproducibility show:
	 * with that seed modulo 2^32.
	 */
	private boolean isDerived(JsonNode value) {
		return value.isIntegralNumber() && this.loaderSeeds.contains(value.bigIntegerValue());
	}

	/**
	 * What a loader's worker may be seeded with.
	 */
	private static Set<BigInteger> loaderSeeds(ProcessRecord process) {
		BigInteger seed = process.loaderSeed();
		return (seed == null || process.isMain()) ? Set.of() : new HashSet<>(List.of(seed, seed.mod(TWO_TO_32)));
	}

	private boolean isSeed(JsonNode value) {
		return value.isIntegralNumber() && value.canConvertToLong() && value.longValue() == this.recipe.seed();
	}

	private static String because(String what, @Nullable String why) {
		String reason = Shown.text(why);
		return reason.isEmpty() ? what
				: what + ": " + (reason.endsWith(".") ? reason.substring(0, reason.length() - 1) : reason);
	}

	private String inProcess() {
		return this.process.isMain() ? "" : " (" + this.process.name() + ")";
	}

	private void add(Held held, String why) {
		this.findings.add(new Finding(held, why));
	}

}
