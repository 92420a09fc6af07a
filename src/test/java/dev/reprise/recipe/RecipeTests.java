package dev.reprise.recipe;

import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.IntNode;
import tools.jackson.databind.node.NullNode;
import tools.jackson.databind.node.StringNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class RecipeTests {

	private static final JsonMapper JSON = JsonMapper.shared();

	@Test
	void bookHasTheRowsOfTheContractInItsOrder() throws IOException {
		List<String> contract = ContractTable.read()
			.stream()
			.map((row) -> row.name() + " " + row.when() + " " + row.level() + " " + row.item() + " "
					+ row.portableOnly())
			.toList();
		assertThat(contract).hasSizeGreaterThan(40);
		assertThat(RecipeBook.allKnobs()
			.stream()
			.map((row) -> row.name() + " " + row.when().wire() + " " + row.level().wire() + " " + row.item().wire()
					+ " " + row.portableOnly()))
			.containsExactlyElementsOf(contract);
	}

	@ParameterizedTest
	@EnumSource
	void everyModeRequestsTheValuesOfTheContract(DeterminismMode mode) throws IOException {
		for (boolean portable : new boolean[] { false, true }) {
			List<String> contract = ContractTable.read()
				.stream()
				.filter((row) -> mode.sets(Knob.Level.of(row.level())) && (portable || !row.portableOnly()))
				.map((row) -> row.name() + "=" + row.value(mode, portable, 7, 3))
				.toList();
			assertThat(resolve(mode, portable).knobs().stream().map((knob) -> knob.name() + "=" + text(knob)))
				.containsExactlyElementsOf(contract);
		}
	}

	@Test
	void jvmHasItsOwnRowsOfTheContractAndThoseOfPythonThatMeanTheSame() throws IOException {
		List<String> own = ContractTable.readJvm()
			.stream()
			.map((row) -> row.name() + " " + row.when() + " " + row.level() + " " + row.item())
			.toList();
		List<RecipeBook.Row> rows = RecipeBook.jvmKnobs();
		assertThat(rows.stream()
			.filter((row) -> !RecipeBook.allKnobs().contains(row))
			.map((row) -> row.name() + " " + row.when().wire() + " " + row.level().wire() + " " + row.item().wire()))
			.hasSize(5)
			.containsExactlyElementsOf(own);
		assertThat(rows.stream().map(RecipeBook.Row::name)).doesNotHaveDuplicates()
			.contains("torch.use_deterministic_algorithms", "OMP_NUM_THREADS")
			.doesNotContain("PYTHONHASHSEED", "numpy.random.seed", "random.seed");
	}

	@Test
	void modesBuildOnEachOther() {
		assertThat(resolve(DeterminismMode.OFF, true).knobs()).isEmpty();
		assertThat(names(DeterminismMode.WARN)).containsAll(names(DeterminismMode.SEEDED));
		assertThat(names(DeterminismMode.STRICT)).containsAll(names(DeterminismMode.WARN));
	}

	@Test
	void purposeMeansAMode() {
		assertThat(Purpose.DEBUG.mode()).isEqualTo(DeterminismMode.STRICT);
		assertThat(Purpose.PAPER.mode()).isEqualTo(DeterminismMode.STRICT);
		assertThat(Purpose.PRODUCTION.mode()).isEqualTo(DeterminismMode.WARN);
		assertThat(Purpose.EXPERIMENT.mode()).isEqualTo(DeterminismMode.SEEDED);
	}

	@Test
	void namesInJsonAreLowerCaseAndNoOthersAreTaken() {
		assertThat(JSON.writeValueAsString(DeterminismMode.STRICT)).isEqualTo("\"strict\"");
		assertThat(JSON.readValue("\"warn\"", DeterminismMode.class)).isEqualTo(DeterminismMode.WARN);
		assertThat(JSON.readValue("\"paper\"", Purpose.class)).isEqualTo(Purpose.PAPER);
		assertThat(JSON.writeValueAsString(Item.TORCH_CPU)).isEqualTo("\"torch-cpu\"");
		assertThatIllegalArgumentException().isThrownBy(() -> DeterminismMode.of("STRICT"))
			.withMessageContaining("off, seeded, warn, strict");
		assertThatExceptionOfType(tools.jackson.core.JacksonException.class)
			.isThrownBy(() -> JSON.readValue("3", DeterminismMode.class));
	}

	@Test
	void processEnvironmentHoldsTheVariablesAndNothingElse() {
		Map<String, String> environment = resolve(DeterminismMode.STRICT, true).processEnvironment();
		assertThat(environment).containsEntry("PYTHONHASHSEED", "0")
			.containsEntry("CUBLAS_WORKSPACE_CONFIG", ":4096:8")
			.containsEntry("OMP_NUM_THREADS", "3")
			.containsEntry("MKL_CBWR", "COMPATIBLE")
			.doesNotContainKey("address_layout");
		assertThat(environment.keySet()).allMatch((name) -> name.matches("[A-Z][A-Z0-9_]*"));
		assertThat(resolve(DeterminismMode.OFF, false).processEnvironment()).isEmpty();
	}

	@Test
	void nothingInTheProcessEnvironmentDependsOnTheSeed() {
		Recipe one = Recipe.resolve(DeterminismMode.STRICT, 1, 2, true, false, OnDrift.RECORD);
		Recipe other = Recipe.resolve(DeterminismMode.STRICT, 2, 2, true, true, OnDrift.FAIL);
		assertThat(one.processEnvironment()).isEqualTo(other.processEnvironment());
	}

	@Test
	void addressLayoutIsFixedInStrictOnly() {
		assertThat(resolve(DeterminismMode.STRICT, false).fixedAddressLayout()).isTrue();
		assertThat(resolve(DeterminismMode.WARN, false).fixedAddressLayout()).isFalse();
	}

	@ParameterizedTest
	@ValueSource(longs = { -1, 2147483648L, Long.MAX_VALUE })
	void seedOutsideTheRangeOfEveryLibraryIsRefusedWithTheMend(long seed) {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> Recipe.resolve(DeterminismMode.STRICT, seed, 1, false, false, OnDrift.RECORD))
			.withMessageContaining("seed is " + seed)
			.withMessageContaining("0 to 2147483647");
	}

	@ParameterizedTest
	@ValueSource(ints = { -1, 0, 1025 })
	void absurdNumberOfThreadsIsRefusedWithTheMend(int threads) {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> Recipe.resolve(DeterminismMode.STRICT, 1, threads, false, false, OnDrift.RECORD))
			.withMessageContaining("threads is " + threads);
	}

	@Test
	void jobJsonHasTheShapeOfTheContract() {
		JsonNode json = JSON.readTree(JSON.writeValueAsString(resolve(DeterminismMode.STRICT, false)));
		assertThat(json.propertyNames()).containsExactly("mode", "seed", "threads", "portable", "holdSeed", "onDrift",
				"knobs");
		assertThat(json.get("mode").stringValue()).isEqualTo("strict");
		assertThat(json.get("onDrift").stringValue()).isEqualTo("record");
		JsonNode benchmark = json.get("knobs")
			.values()
			.stream()
			.filter((knob) -> knob.get("name").stringValue().equals("torch.backends.cudnn.benchmark"))
			.findFirst()
			.orElseThrow();
		assertThat(benchmark).isEqualTo(JSON.readTree("""
				{"name": "torch.backends.cudnn.benchmark", "value": false, "when": "runtime", "level": "w",
				 "item": "cudnn"}"""));
	}

	@Test
	void recipeIsReadBackAsItWasWritten() {
		Recipe recipe = resolve(DeterminismMode.STRICT, true);
		assertThat(Recipe.fromJson(JSON.readTree(recipe.toJson().toString()))).isEqualTo(recipe);
		assertThatIllegalArgumentException().isThrownBy(() -> Recipe.fromJson(JSON.readTree("{\"knobs\": [{}]}")));
		assertThatIllegalArgumentException().isThrownBy(() -> Recipe.fromJson(JSON.readTree("[]")));
	}

	@Test
	void aKnobMayBeRequestedOtherwiseThanTheModeSays() {
		Recipe warn = resolve(DeterminismMode.WARN, false);
		Recipe recipe = warn.with(RecipeBook.allKnobs(),
				Map.of("torch.use_deterministic_algorithms", StringNode.valueOf("error"), "MKL_CBWR",
						StringNode.valueOf("AUTO"), "TZ", NullNode.getInstance(), "jvm.identityHashCode",
						IntNode.valueOf(1)));
		assertThat(recipe.mode()).isEqualTo(DeterminismMode.WARN);
		assertThat(recipe.knob("torch.use_deterministic_algorithms").map(Knob::value))
			.hasValue(StringNode.valueOf("error"));
		assertThat(recipe.processEnvironment()).containsEntry("MKL_CBWR", "AUTO").doesNotContainKey("TZ");
		assertThat(recipe.otherwise()).as("what the runtime has not is passed over")
			.containsExactlyInAnyOrder("torch.use_deterministic_algorithms", "MKL_CBWR", "TZ");
		List<String> order = RecipeBook.allKnobs().stream().map(RecipeBook.Row::name).toList();
		List<String> names = recipe.knobs().stream().map(Knob::name).toList();
		assertThat(names).as("in the order in which they are set")
			.isSortedAccordingTo(Comparator.comparingInt(order::indexOf))
			.hasSize(warn.knobs().size());
		assertThat(Recipe.fromJson(JSON.readTree(recipe.toJson().toString()))).isEqualTo(recipe);
		assertThat(recipe.toJson().path("otherwise").size()).isEqualTo(3);
	}

	@Test
	void everyKnobHasItsReasonAndItsSource() {
		assertThat(RecipeBook.allKnobs()).allSatisfy((row) -> {
			assertThat(row.reason()).matches("[A-Z].{20,}\\.");
			assertThat(row.source()).isNotBlank();
		});
		assertThat(RecipeBook.allKnobs().stream().map(RecipeBook.Row::name)).doesNotHaveDuplicates();
	}

	@Test
	void everyItemButTheChildrenHasKnobs() {
		for (Item item : Item.values()) {
			assertThat(RecipeBook.rows(item).isEmpty() && RecipeBook.jvmRows(item).isEmpty()).as(item.wire())
				.isEqualTo(item == Item.CHILDREN);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "PYTHONHASHSEED", "ATEN_CPU_CAPABILITY", "REPRISE_JOB", "REPRISE_", "LD_PRELOAD",
			"LD_LIBRARY_PATH", "LD_AUDIT", "PYTHONHOME", "PYTHONSTARTUP", "PYTHONINSPECT", "PYTHONEXECUTABLE",
			"BASH_ENV", "ENV", "BASH_FUNC_ls%%", "CUDA_VISIBLE_DEVICES", "PATH" })
	void variableThatWouldMakeTheRecordWrongIsReserved(String variable) {
		assertThat(Recipe.whyReserved(variable)).isNotNull().endsWith(".");
	}

	@ParameterizedTest
	@ValueSource(strings = { "LR", "PYTHONPATH", "WANDB_MODE", "REPRISED", "ld_preload", "LD", "" })
	void variableOfTheProgramsOwnIsFree(String variable) {
		assertThat(Recipe.whyReserved(variable)).isNull();
	}

	@Test
	void everyVariableThatAnyRecipeSetsIsReserved() {
		assertThat(Recipe.reservedVariables().keySet())
			.containsAll(resolve(DeterminismMode.STRICT, true).processEnvironment().keySet());
	}

	private static Recipe resolve(DeterminismMode mode, boolean portable) {
		return Recipe.resolve(mode, 7, 3, portable, false, OnDrift.RECORD);
	}

	private static List<String> names(DeterminismMode mode) {
		return resolve(mode, false).knobs().stream().map(Knob::name).toList();
	}

	private static String text(Knob knob) {
		return knob.value().asString();
	}

}
