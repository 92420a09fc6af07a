package dev.reprise.record;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import dev.reprise.recipe.DeterminismMode;
import dev.reprise.recipe.Item;
import dev.reprise.recipe.Knob;
import dev.reprise.recipe.OnDrift;
import dev.reprise.recipe.Recipe;
import dev.reprise.recipe.RecipeBook;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.BooleanNode;
import tools.jackson.databind.node.IntNode;
import tools.jackson.databind.node.LongNode;
import tools.jackson.databind.node.NullNode;
import tools.jackson.databind.node.StringNode;

import static org.assertj.core.api.Assertions.assertThat;

class ChecklistTests {

	private static final Recipe STRICT = recipe(DeterminismMode.STRICT, true);

	/**
	 * A seed as PyTorch's loader draws it for a worker, past 2^32.
	 */
	private static final long GIVEN = 5_000_000_007L;

	@TempDir
	private Path folder;

	private static Recipe recipe(DeterminismMode mode, boolean portable) {
		return Recipe.resolve(mode, 42, 2, portable, false, OnDrift.RECORD);
	}

	static Stream<Knob> knobs() {
		return STRICT.knobs().stream();
	}

	/**
	 * A run in which everything held, with a child.
	 */
	private static WrittenRecord held() {
		return new WrittenRecord(STRICT).child("pid-7", "spawn");
	}

	@Test
	void everyItemIsHeldWhereEveryKnobWasReadBackInEveryProcess() throws IOException {
		Checklist checklist = check(held());
		assertThat(checklist.items()).extracting(ChecklistItem::item)
			.hasSize(18)
			.containsExactly(Arrays.stream(Item.values())
				.filter((item) -> item != Item.JVM_RANDOM && item != Item.DATA_LOADERS)
				.toArray(Item[]::new));
		assertThat(checklist.items()).extracting(ChecklistItem::held).containsOnly(Held.YES);
		assertThat(checklist.item(Item.TORCH_CPU).why())
			.isEqualTo("Read back as requested at the start and at the end, in 2 processes.");
	}

	@ParameterizedTest
	@MethodSource("knobs")
	void knobWithAnotherValueAtTheEndBreaksItsItemAlone(Knob knob) throws IOException {
		Checklist checklist = check(held().end("main", knob.name(), StringNode.valueOf("other")));
		assertOnly(checklist, knob.item(), Held.NO);
		assertThat(checklist.item(knob.item()).why())
			.startsWith(knob.name() + " was \"other\" at the end, not " + knob.value());
	}

	@ParameterizedTest
	@MethodSource("knobs")
	void knobWithAnotherValueAtTheStartBreaksItsItemAlone(Knob knob) throws IOException {
		WrittenRecord written = held();
		written.knob("main", knob.name()).put("start", "other");
		assertOnly(check(written), knob.item(), Held.NO);
	}

	@ParameterizedTest
	@MethodSource("knobs")
	void knobWithAnotherValueInAChildBreaksItsItemAlone(Knob knob) throws IOException {
		Checklist checklist = check(held().end("pid-7", knob.name(), StringNode.valueOf("other")));
		assertOnly(checklist, knob.item(), Held.NO);
		assertThat(checklist.item(knob.item()).why()).endsWith("(pid-7).");
	}

	@ParameterizedTest
	@MethodSource("knobs")
	void driftBreaksItsItemAloneAlsoWhereItWasUndone(Knob knob) throws IOException {
		Checklist checklist = check(held().drift("main", knob.name(), "train.py:14", true));
		assertOnly(checklist, knob.item(), Held.NO);
		assertThat(checklist.item(knob.item()).why()).isEqualTo("train.py:14 changed " + knob.name()
				+ " from \"as requested\" to \"other\", and it was changed back later.");
	}

	@ParameterizedTest
	@MethodSource("knobs")
	void knobThatWasNotRecordedMakesItsItemNotAvailable(Knob knob) throws IOException {
		WrittenRecord written = held();
		((tools.jackson.databind.node.ObjectNode) written.main().get("knobs")).remove(knob.name());
		assertOnly(check(written), knob.item(), Held.NOT_AVAILABLE);
	}

	@ParameterizedTest
	@MethodSource("knobs")
	void knobThatWasNotReadASecondTimeMakesItsItemNotAvailable(Knob knob) throws IOException {
		WrittenRecord written = held();
		written.knob("pid-7", knob.name()).putNull("end");
		assertOnly(check(written), knob.item(), Held.NOT_AVAILABLE);
	}

	@Test
	void noBeatsNotAvailable() throws IOException {
		WrittenRecord written = held().notRead("main", "torch.backends.cudnn.benchmark", "not-available", "too old")
			.end("pid-7", "torch.backends.cudnn.deterministic", BooleanNode.FALSE);
		assertOnly(check(written), Item.CUDNN, Held.NO);
	}

	@Test
	void settingThatThisVersionDoesNotHaveIsNotAvailable() throws IOException {
		Checklist checklist = check(held().notRead("main", "torch.backends.fp32_precision", "not-available",
				"this version of torch does not have it."));
		assertOnly(checklist, Item.TF32, Held.NOT_AVAILABLE);
		assertThat(checklist.item(Item.TF32).why())
			.isEqualTo("torch.backends.fp32_precision cannot be read: this version of torch does not have it.");
	}

	@Test
	void numberWhereTheEnvironmentHasTextIsTheSame() throws IOException {
		assertThat(check(held().end("main", "OMP_NUM_THREADS", IntNode.valueOf(2))).item(Item.THREADS).held())
			.isEqualTo(Held.YES);
		assertThat(check(held().end("main", "torch.num_threads", LongNode.valueOf(2))).item(Item.THREADS).held())
			.isEqualTo(Held.YES);
		assertThat(check(held().end("main", "torch.num_threads", StringNode.valueOf("2"))).item(Item.THREADS).held())
			.isEqualTo(Held.NO);
		assertThat(
				check(held().end("main", "torch.backends.cudnn.benchmark", IntNode.valueOf(0))).item(Item.CUDNN).held())
			.isEqualTo(Held.NO);
	}

	@ParameterizedTest
	@CsvSource({ "python, random.seed, PYTHON_RANDOM", "numpy, numpy.random.seed, NUMPY",
			"torch, torch.random.fork_rng, TORCH_CPU", "torch-cuda, torch.cuda.manual_seed_all, TORCH_CUDA" })
	void seedOfTheProgramsOwnBreaksItsItemAlone(String generator, String call, Item item) throws IOException {
		Checklist checklist = check(held().seeding("main", generator, call, 1337L, false, "train.py:12"));
		assertOnly(checklist, item, Held.NO);
		assertThat(checklist.item(item).why())
			.isEqualTo("train.py:12 called " + call + "(1337), which put another seed in force than the job's 42.");
	}

	@Test
	void manualSeedOfTorchSeedsGpusToo() throws IOException {
		Checklist checklist = check(held().seeding("main", "torch", "torch.manual_seed", 1337L, false, "train.py:12"));
		assertThat(checklist.item(Item.TORCH_CPU).held()).isEqualTo(Held.NO);
		assertThat(checklist.item(Item.TORCH_CUDA).held()).isEqualTo(Held.NO);
		assertThat(checklist.item(Item.NUMPY).held()).isEqualTo(Held.YES);
	}

	@Test
	void programThatSeedsWithTheJobsOwnSeedBreaksNothing() throws IOException {
		assertThat(check(held().seeding("main", "numpy", "numpy.random.seed", 42L, false, "train.py:12")).items())
			.extracting(ChecklistItem::held)
			.containsOnly(Held.YES);
	}

	@Test
	void seedThatWasHeldOffBreaksNothingAndIsSaid() throws IOException {
		Checklist checklist = check(held().seeding("main", "python", "random.seed", 1337L, true, "train.py:12"));
		assertThat(checklist.item(Item.PYTHON_RANDOM).held()).isEqualTo(Held.YES);
		assertThat(checklist.item(Item.PYTHON_RANDOM).why())
			.endsWith(" train.py:12 called random.seed(1337); the job's seed was held.");
	}

	@Test
	void seedFromTheSystemBreaksItsItem() throws IOException {
		Checklist checklist = check(held().seeding("main", "python", "random.seed", null, false, "train.py:12"));
		assertOnly(checklist, Item.PYTHON_RANDOM, Held.NO);
	}

	@Test
	void restoredStateCannotBeToldToBeTheJobs() throws IOException {
		Checklist checklist = check(held().seeding("main", "python", "random.setstate", null, false, "train.py:12"));
		assertOnly(checklist, Item.PYTHON_RANDOM, Held.NOT_AVAILABLE);
	}

	@Test
	void loadersWorkersAreSeededFromTheJobsSeed() throws IOException {
		WrittenRecord written = loadersWorker();
		assertThat(check(written).items()).extracting(ChecklistItem::held).containsOnly(Held.YES);
		written.observed("pid-7").putNull("loaderSeed");
		Checklist withoutLoader = check(written);
		assertThat(withoutLoader.item(Item.NUMPY).held()).isEqualTo(Held.NO);
		assertThat(withoutLoader.item(Item.THREADS).held()).isEqualTo(Held.NO);
	}

	/**
	 * As the harness leaves it where the program has a {@code worker_init_fn} that seeds
	 * NumPy, on two threads.
	 */
	private static WrittenRecord loadersWorker() {
		WrittenRecord written = new WrittenRecord(STRICT).child("pid-7", "fork");
		written.observed("pid-7").put("loaderSeed", GIVEN);
		written.seeding("pid-7", "numpy", "numpy.random.seed", GIVEN % (1L << 32), false, "train.py:8")
			.end("pid-7", "numpy.random.seed", LongNode.valueOf(GIVEN % (1L << 32)));
		return written.end("pid-7", "torch.num_threads", IntNode.valueOf(1));
	}

	@Test
	void onlyALoadersWorkerIsExcusedByTheLoader() throws IOException {
		WrittenRecord main = held().seeding("main", "numpy", "numpy.random.seed", 9L, false, "train.py:8");
		main.main().put("loaderSeed", 9L);
		assertThat(check(main).item(Item.NUMPY).held()).isEqualTo(Held.NO);
		assertThat(check(loadersWorker().seeding("pid-7", "numpy", "numpy.random.seed", 10L, false, "train.py:9"))
			.item(Item.NUMPY)
			.held()).isEqualTo(Held.NO);
		assertThat(
				check(loadersWorker().end("pid-7", "torch.num_threads", IntNode.valueOf(4))).item(Item.THREADS).held())
			.isEqualTo(Held.NO);
	}

	@ParameterizedTest
	@MethodSource("knobs")
	void variableThatWasNotSetAtTheStartBreaksItsItemAlone(Knob knob) throws IOException {
		WrittenRecord written = held();
		written.knob("main", knob.name()).putNull("start").put("why", "not set");
		assertOnly(check(written), knob.item(), knob.isVariable() ? Held.NO : Held.NOT_AVAILABLE);
	}

	@Test
	void withoutAGpuWhatActsThereIsNeverSaidToHold() throws IOException {
		Checklist checklist = check(held().withoutGpu()
			.notRead("main", "torch.cuda.manual_seed", "not-applicable", "there is no GPU")
			.notRead("main", "torch.cuda.manual_seed_all", "not-applicable", "there is no GPU"));
		assertThat(checklist.item(Item.TORCH_CUDA).held()).isEqualTo(Held.NOT_APPLICABLE);
		assertThat(checklist.item(Item.TORCH_CUDA).why()).isEqualTo("The state cannot be read without a GPU.");
		for (Item item : List.of(Item.CUDNN, Item.CUBLAS, Item.NCCL, Item.ATTENTION, Item.REDUCED_PRECISION)) {
			assertThat(checklist.item(item).held()).as(item.wire()).isEqualTo(Held.NOT_AVAILABLE);
			assertThat(checklist.item(item).why())
				.isEqualTo("Read back as requested; that it takes effect cannot be shown without a GPU.");
		}
		for (Item item : List.of(Item.PYTHON_RANDOM, Item.NUMPY, Item.TORCH_CPU, Item.DETERMINISTIC_ALGORITHMS,
				Item.HASH_SEED, Item.THREADS, Item.TF32, Item.INSTRUCTION_SET, Item.PROCESS_ENVIRONMENT)) {
			assertThat(checklist.item(item).held()).as(item.wire()).isEqualTo(Held.YES);
		}
	}

	@Test
	void flagThatDiffersIsNoWithoutAGpuToo() throws IOException {
		Checklist checklist = check(held().withoutGpu()
			.end("main", "torch.backends.cudnn.benchmark", BooleanNode.TRUE)
			.end("main", "CUBLAS_WORKSPACE_CONFIG", StringNode.valueOf(":16:8")));
		assertThat(checklist.item(Item.CUDNN).held()).isEqualTo(Held.NO);
		assertThat(checklist.item(Item.CUBLAS).held()).isEqualTo(Held.NO);
	}

	@Test
	void withoutAnEnvironmentNobodyKnowsOfAGpu() throws IOException {
		WrittenRecord written = held();
		written.environment.remove("machine");
		Checklist checklist = check(written);
		assertThat(checklist.item(Item.CUDNN).held()).isEqualTo(Held.NOT_AVAILABLE);
		assertThat(checklist.item(Item.CUDNN).why()).contains("is not recorded");
		assertThat(checklist.item(Item.NUMPY).held()).isEqualTo(Held.YES);
	}

	@Test
	void libraryThatWasNeverImportedIsNotApplicable() throws IOException {
		WrittenRecord written = new WrittenRecord(STRICT);
		written.main().putArray("imported").add("torch");
		written.notRead("main", "numpy.random.seed", "not-applicable", "numpy was never imported")
			.notRead("main", "numpy.random.bit_generator.randbits", "not-applicable", "numpy was never imported");
		Checklist checklist = check(written);
		assertThat(checklist.item(Item.NUMPY).held()).isEqualTo(Held.NOT_APPLICABLE);
		assertThat(checklist.item(Item.NUMPY).why()).isEqualTo("numpy.random was never imported.");
	}

	@ParameterizedTest
	@ValueSource(strings = { "numpy.random.seed", "torch.manual_seed", "random.seed", "PYTHONHASHSEED",
			"torch.backends.cudnn.benchmark" })
	void knobThatIsCalledNotApplicableWithoutAReasonIsNotAvailable(String knob) throws IOException {
		Item item = STRICT.knob(knob).orElseThrow().item();
		assertOnly(check(held().notRead("main", knob, "not-applicable", null)), item, Held.NOT_AVAILABLE);
	}

	@ParameterizedTest
	@EnumSource(names = { "OFF", "SEEDED", "WARN" })
	void whatTheModeDoesNotSetIsNotApplicableAndStillShown(DeterminismMode mode) throws IOException {
		Recipe recipe = recipe(mode, false);
		Checklist checklist = Checklist.of(recipe, new WrittenRecord(recipe).readFrom(this.folder),
				Checklist.Program.PYTHON);
		ChecklistItem reduced = checklist.item(Item.REDUCED_PRECISION);
		assertThat(reduced.held()).isEqualTo(Held.NOT_APPLICABLE);
		assertThat(reduced.why()).contains("ode " + mode.wire());
		assertThat(reduced.requested().isEmpty()).isTrue();
		assertThat(reduced.observed().size()).isEqualTo(4);
		assertThat(checklist.item(Item.PYTHON_RANDOM).held())
			.isEqualTo((mode == DeterminismMode.OFF) ? Held.NOT_APPLICABLE : Held.YES);
	}

	@Test
	void modeThatSetsItForPortableRunsSaysSo() throws IOException {
		Recipe recipe = recipe(DeterminismMode.STRICT, false);
		Checklist checklist = Checklist.of(recipe, new WrittenRecord(recipe).readFrom(this.folder),
				Checklist.Program.PYTHON);
		assertThat(checklist.item(Item.ATTENTION).why()).isEqualTo("Mode strict sets it where portable is asked for.");
		assertThat(checklist.item(Item.INSTRUCTION_SET).held()).isEqualTo(Held.YES);
	}

	@Test
	void nothingIsHeldWithoutARecord() {
		Checklist checklist = Checklist.of(STRICT, RunRecord.read(this.folder), Checklist.Program.PYTHON);
		assertThat(checklist.items()).extracting(ChecklistItem::held).containsOnly(Held.NOT_AVAILABLE);
		assertThat(checklist.items()).extracting(ChecklistItem::why).containsOnly("The main process left no record.");
	}

	@Test
	void commandThatStartedNoPythonHasNothingToHold() {
		Checklist checklist = Checklist.of(STRICT, RunRecord.read(this.folder), Checklist.Program.COMMAND);
		assertThat(checklist.items()).extracting(ChecklistItem::held).containsOnly(Held.NOT_APPLICABLE);
	}

	@Test
	void commandWhosePythonWasKilledIsNotExcused() throws IOException {
		RunRecord record = new WrittenRecord(STRICT).killed("main").readFrom(this.folder);
		assertThat(Checklist.of(STRICT, record, Checklist.Program.COMMAND).items()).extracting(ChecklistItem::held)
			.containsOnly(Held.NOT_AVAILABLE);
	}

	@Test
	void nothingIsHeldInAProcessThatWasKilled() throws IOException {
		Checklist checklist = check(held().killed("main"));
		assertThat(checklist.items()).extracting(ChecklistItem::held).containsOnly(Held.NOT_AVAILABLE);
		assertThat(checklist.item(Item.PROCESS_ENVIRONMENT).why())
			.isEqualTo("main ended before it could read LC_ALL a second time.");
	}

	@Test
	void readingAtTheEndThatIsNotMarkedCompleteIsNotTrusted() throws IOException {
		WrittenRecord written = held();
		written.main().put("complete", false);
		assertThat(check(written).items()).extracting(ChecklistItem::held).containsOnly(Held.NOT_AVAILABLE);
	}

	@Test
	void forkedWorkerThatItsParentEndedLeavesItsItemsNotAvailable() throws IOException {
		Checklist checklist = check(new WrittenRecord(STRICT).child("pid-7", "fork").killed("pid-7"));
		assertThat(checklist.items()).extracting(ChecklistItem::held).containsOnly(Held.NOT_AVAILABLE);
		assertThat(checklist.item(Item.NUMPY).why())
			.isEqualTo("pid-7, a forked process, was ended before it could read numpy.random.seed a second time.");
	}

	@ParameterizedTest
	@ValueSource(strings = { "seedings", "drift" })
	void listThatCannotBeReadLeavesNothingHeld(String part) throws IOException {
		WrittenRecord written = held();
		written.list("main", part).add("nonsense");
		assertThat(check(written).items().stream().filter((item) -> item.item() != Item.CHILDREN))
			.extracting(ChecklistItem::held)
			.containsOnly(Held.NOT_AVAILABLE);
	}

	@Test
	void programWithoutChildrenHasNoneToReach() throws IOException {
		ChecklistItem children = check(new WrittenRecord(STRICT)).item(Item.CHILDREN);
		assertThat(children.held()).isEqualTo(Held.NOT_APPLICABLE);
		assertThat(children.why()).isEqualTo("The program started no other process.");
	}

	@Test
	void pythonChildWithoutRecordBreaksTheChildrenAlone() throws IOException {
		Checklist checklist = check(child("python", true, "-I keeps the harness out", "python3", "-I", "x.py"));
		assertOnly(checklist, Item.CHILDREN, Held.NO);
		assertThat(checklist.item(Item.CHILDREN).why())
			.isEqualTo("train.py:30 started python3 -I x.py, which the recipe did not reach: it left no record, "
					+ "because -I keeps the harness out.");
	}

	@Test
	void otherProgramsAreNamed() throws IOException {
		Checklist checklist = check(child("other", false, null, "/usr/bin/git", "rev-parse", "HEAD"));
		assertOnly(checklist, Item.CHILDREN, Held.NOT_AVAILABLE);
		assertThat(checklist.item(Item.CHILDREN).why())
			.isEqualTo("Other programs were started, in which nothing can be read back: git (train.py:30).");
	}

	@Test
	void pythonOfWhichNoRecordWasExpectedIsNotSaidToBeReached() throws IOException {
		assertOnly(check(child("python", false, null, "python3", "--version")), Item.CHILDREN, Held.NOT_AVAILABLE);
	}

	@ParameterizedTest
	@EnumSource(names = { "OFF", "WARN" })
	void aKnobThatIsNotAsTheModeHasItIsJudgedAndSaid(DeterminismMode mode) throws IOException {
		String added = "MKL_CBWR";
		Recipe recipe = recipe(mode, false).with(RecipeBook.allKnobs(),
				Map.of(added, StringNode.valueOf("AUTO"), "PYTHONHASHSEED", NullNode.getInstance()));
		WrittenRecord written = new WrittenRecord(recipe);
		Checklist checklist = Checklist.of(recipe, written.readFrom(this.folder), Checklist.Program.PYTHON);
		String purpose = " On purpose otherwise than mode " + mode.wire() + " has it: ";
		assertThat(checklist.item(Item.INSTRUCTION_SET).held()).isEqualTo(Held.YES);
		assertThat(checklist.item(Item.INSTRUCTION_SET).why())
			.isEqualTo("Read back as requested at the start and at the end." + purpose + added + ".");
		assertThat(checklist.item(Item.HASH_SEED).held()).isEqualTo(Held.NOT_APPLICABLE);
		assertThat(checklist.item(Item.HASH_SEED).why())
			.isEqualTo("Nothing was requested." + purpose + "PYTHONHASHSEED.");
		assertThat(checklist.item(Item.THREADS).why()).doesNotContain("On purpose");
		written.end("main", added, StringNode.valueOf("COMPATIBLE"));
		assertThat(Checklist.of(recipe, written.readFrom(this.folder), Checklist.Program.PYTHON)
			.item(Item.INSTRUCTION_SET)
			.held()).isEqualTo(Held.NO);
	}

	@Test
	void sentencesHoldNoControlCharacterOfTheJobs() throws IOException {
		Checklist checklist = check(held().drift("main", "TZ", "train.py:1\nINFO all held\u001b[2J", false));
		assertThat(checklist.item(Item.PROCESS_ENVIRONMENT).why()).startsWith("train.py:1?INFO all held?[2J changed TZ")
			.doesNotContain("\n");
	}

	@Test
	void checklistInJsonHasTheShapeOfTheDesign() throws IOException {
		var json = WrittenRecord.JSON.readTree(WrittenRecord.JSON.writeValueAsString(check(held())));
		assertThat(json.get("items").get(0)).isEqualTo(WrittenRecord.JSON.readTree("""
				{"item": "python-random", "title": "Python's random", "requested": {"random.seed": 42},
				 "observed": {"random.seed": {"status": "read", "start": 42, "end": 42}}, "held": "yes",
				 "why": "Read back as requested at the start and at the end, in 2 processes."}"""));
	}

	private static WrittenRecord child(String kind, boolean expected, @Nullable String why, String... argv) {
		WrittenRecord written = held();
		var child = written.list("main", "children").addObject();
		Arrays.stream(argv).forEach(child.putArray("argv")::add);
		child.put("kind", kind).put("place", "train.py:30").put("expected", expected).put("why", why);
		child.putNull("record").put("count", 1);
		return written;
	}

	private Checklist check(WrittenRecord written) throws IOException {
		return Checklist.of(STRICT, written.readFrom(this.folder), Checklist.Program.PYTHON);
	}

	private static void assertOnly(Checklist checklist, Item broken, Held held) {
		for (ChecklistItem line : checklist.items()) {
			assertThat(line.held()).as(line.item().wire() + ": " + line.why())
				.isEqualTo((line.item() == broken) ? held : Held.YES);
		}
	}

}
