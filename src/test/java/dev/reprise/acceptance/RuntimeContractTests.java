package dev.reprise.acceptance;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;

import dev.reprise.artifact.Digest;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What every runtime promises, asked of each in the same words: only the programs differ.
 */
class RuntimeContractTests extends WithService {

	private static final String SEED = "torch.manual_seed";

	private static final String MODE = "torch.use_deterministic_algorithms";

	private static final String THREADS = "torch.num_threads";

	/**
	 * Of which both runtimes have columns, in their order in a row.
	 */
	private static final List<String> KINDS = List.of("generator", "batch", "output", "loss", "loss-value", "gradient",
			"parameter", "buffer", "generator-end");

	private final Map<String, String> codes = new HashMap<>();

	private final Map<String, String> runs = new HashMap<>();

	private final Map<String, String> markers = new HashMap<>();

	@BeforeAll
	void submit(@TempDir Path scratch) throws IOException, InterruptedException {
		for (ContractRuntime runtime : ContractRuntime.values()) {
			for (String program : List.of("train", "put", "children", "ends", "variables")) {
				byte[] archive = runtime.code(program, scratch);
				String digest = Digest.of(archive).value();
				this.client.put("/blobs/" + digest, archive);
				this.codes.put(runtime + program, digest);
			}
		}
		for (ContractRuntime runtime : ContractRuntime.values()) {
			for (String seed : List.of("7", "8")) {
				submit(runtime, "held " + seed, "train", "\"holdSeed\": true", seed);
				submit(runtime, "own " + seed, "train", "\"holdSeed\": false", seed);
				submit(runtime, "children " + seed, "children", "\"determinism\": \"warn\"");
			}
			submit(runtime, "two threads", "train",
					"\"resources\": {\"memory\": \"1GiB\", \"disk\": \"1GiB\", \"threads\": 2}");
			for (String mode : List.of("off", "seeded", "warn", "strict")) {
				submit(runtime, mode, "put", "\"determinism\": \"" + mode + "\"");
			}
			submit(runtime, "variables", "variables", "\"determinism\": \"strict\", \"portable\": true");
			submit(runtime, "swallowed", "put", "\"determinism\": \"strict\"", "swallow");
			submit(runtime, "drift recorded", "train", "\"onDrift\": \"record\"", "drift");
			submit(runtime, "drift failed", "train", "\"onDrift\": \"fail\"", "drift");
			submit(runtime, "stays", "ends", "\"timeout\": \"PT10S\"", "stays");
			submit(runtime, "native", "ends", "\"name\": \"native\"", "native");
			submit(runtime, "heap", "ends", "\"name\": \"heap\"", "heap");
		}
	}

	@ParameterizedTest
	@EnumSource
	void theJobsSeedIsHeldWhereThatIsAskedFor(ContractRuntime runtime) throws IOException, InterruptedException {
		String one = succeeded(runtime, "held 7");
		JsonNode diff = this.client.diff(one, succeeded(runtime, "held 8"));
		assertThat(diff.path("verdict").asString()).as(diff.toPrettyString()).isEqualTo("IDENTICAL");
		assertThat(diff.path("coverage").path("trace").asString()).isEqualTo("present");
		assertThat(diff.path("coverage").path("steps").asInt()).isEqualTo(5);
		assertThat(diff.path("coverage").path("outputs").asInt()).isEqualTo(2);
		assertThat(diff.path("coverage").path("vacuousColumns").asInt(-1)).isZero();
		seeding(runtime, one, true);
		assertThat(knob(one, SEED)).isEqualTo("42 42");
		JsonNode item = this.client.checklist(one, "torch-cpu");
		assertThat(item.path("held").asString()).as(item.toPrettyString()).isEqualTo("yes");
		assertThat(item.path("why").asString()).contains(runtime.place("train", "seeds"), "the job's seed was held");
	}

	@ParameterizedTest
	@EnumSource
	void elseTheProgramsOwnSeedIsAndThatIsSaid(ContractRuntime runtime) throws IOException, InterruptedException {
		String one = succeeded(runtime, "own 7");
		JsonNode diff = this.client.diff(one, succeeded(runtime, "own 8"));
		assertThat(diff.path("verdict").asString()).as(diff.toPrettyString()).isEqualTo("DIFFERENT");
		seeding(runtime, one, false);
		assertThat(knob(one, SEED)).isEqualTo("42 7");
		JsonNode item = this.client.checklist(one, "torch-cpu");
		assertThat(item.path("held").asString()).as(item.toPrettyString()).isEqualTo("no");
		assertThat(item.path("why").asString()).contains(runtime.place("train", "seeds"));
	}

	private void seeding(ContractRuntime runtime, String run, boolean held) throws IOException, InterruptedException {
		JsonNode seedings = observed(run).path("seedings");
		assertThat(seedings.size()).as(seedings.toPrettyString()).isEqualTo(1);
		JsonNode seeding = seedings.get(0);
		assertThat(seeding.path("generator").asString()).isEqualTo("torch");
		assertThat(seeding.path("value").asInt()).isEqualTo(7);
		assertThat(seeding.path("held").asBoolean(!held)).isEqualTo(held);
		assertThat(seeding.path("place").asString()).isEqualTo(runtime.place("train", "seeds"));
		assertThat(seeding.path("step").asInt(-1)).isZero();
		assertThat(seeding.path("count").asInt()).isEqualTo(1);
	}

	@ParameterizedTest
	@CsvSource({ "PYTHON, off, false", "PYTHON, seeded, false", "PYTHON, warn, warn", "PYTHON, strict, error",
			"DJL, off, false", "DJL, seeded, false", "DJL, warn, warn", "DJL, strict, error" })
	void theModeIsRespected(ContractRuntime runtime, String mode, String expected)
			throws IOException, InterruptedException {
		boolean strict = mode.equals("strict");
		JsonNode ended = ended(runtime, mode);
		String run = ended.path("id").asString();
		assertThat(ended.path("state").asString()).as(ended.toPrettyString())
			.isEqualTo(strict ? "FAILED" : "SUCCEEDED");
		assertThat(knob(run, MODE)).isEqualTo(expected + " " + expected);
		JsonNode item = this.client.checklist(run, "deterministic-algorithms");
		assertThat(item.path("held").asString()).as(item.toPrettyString())
			.isEqualTo((strict || mode.equals("warn")) ? "yes" : "not-applicable");
		JsonNode failure = ended.path("failure");
		if (strict) {
			assertThat(failure.path("kind").asString()).as(failure.toPrettyString()).isEqualTo("REFUSED_OPERATION");
			assertThat(failure.path("operation").asString()).isEqualTo("put_");
			assertThat(failure.path("location").asString()).isEqualTo(runtime.place("put", "puts"));
			assertThat(failure.path("exitCode").asInt()).isEqualTo(1);
		}
		operations(runtime, run, "put", strict ? "refused" : mode.equals("warn") ? "warned" : null);
		assertThat(observed(run).path("complete").asBoolean(false)).isTrue();
	}

	@ParameterizedTest
	@EnumSource
	void aRefusalThatTheProgramSwallowsIsRecorded(ContractRuntime runtime) throws IOException, InterruptedException {
		operations(runtime, succeeded(runtime, "swallowed"), "put", "refused");
	}

	private void operations(ContractRuntime runtime, String run, String program, @Nullable String kind)
			throws IOException, InterruptedException {
		JsonNode operations = this.client.get("/runs/" + run + "/operations").path("items");
		assertThat(operations.size()).as(operations.toPrettyString()).isEqualTo((kind != null) ? 1 : 0);
		if (kind != null) {
			JsonNode operation = operations.get(0);
			assertThat(operation.path("kind").asString()).isEqualTo(kind);
			assertThat(operation.path("operation").asString()).isEqualTo("put_");
			assertThat(operation.path("location").asString()).isEqualTo(runtime.place(program, "puts"));
			assertThat(operation.path("count").asInt()).isEqualTo(1);
		}
	}

	@ParameterizedTest
	@CsvSource({ "PYTHON, held 7, 1", "PYTHON, two threads, 2", "DJL, held 7, 1", "DJL, two threads, 2" })
	void theNumberOfThreadsIsPinned(ContractRuntime runtime, String name, String threads)
			throws IOException, InterruptedException {
		String run = succeeded(runtime, name);
		assertThat(knob(run, THREADS)).isEqualTo(threads + " " + threads);
		JsonNode item = this.client.checklist(run, "threads");
		assertThat(item.path("held").asString()).as(item.toPrettyString()).isEqualTo("yes");
	}

	/**
	 * Each knob that the recipe sets before the process starts, and what else makes equal
	 * bits of other processors and keeps a program from asking the network.
	 */
	@ParameterizedTest
	@EnumSource
	void theProgramStartsWithTheVariablesOfTheRecipe(ContractRuntime runtime) throws IOException, InterruptedException {
		String run = succeeded(runtime, "variables");
		List<String> variables = this.client.text("/runs/" + run + "/logs").lines().toList();
		int set = 0;
		for (JsonNode knob : this.client.get("/runs/" + run + "/recipe").path("knobs")) {
			// The address layout is no variable, but a personality of the process.
			if (knob.path("when").asString().equals("process")
					&& !knob.path("name").asString().equals("address_layout")) {
				assertThat(variables).contains(knob.path("name").asString() + "=" + knob.path("requested").asString());
				set++;
			}
		}
		assertThat(set).isGreaterThan(10);
		assertThat(variables).contains("ATEN_CPU_CAPABILITY=avx2", "ONEDNN_MAX_CPU_ISA=AVX2",
				"ONEDNN_DEFAULT_FPMATH_MODE=STRICT", "MKL_CBWR=COMPATIBLE", "OMP_NUM_THREADS=1");
		if (runtime == ContractRuntime.DJL) {
			assertThat(variables).contains("DJL_OFFLINE=true", "OPT_OUT_TRACKING=true");
		}
	}

	/**
	 * A thread draws the same twice, and is heard; a process either has a record, by
	 * which what was requested is read back in it, or is named as one that has none.
	 */
	@ParameterizedTest
	@EnumSource
	void threadsAndProcessesAreReachedOrNamed(ContractRuntime runtime) throws IOException, InterruptedException {
		String run = succeeded(runtime, "children 7");
		JsonNode diff = this.client.diff(run, succeeded(runtime, "children 8"));
		assertThat(diff.path("verdict").asString()).as(diff.toPrettyString()).isEqualTo("IDENTICAL");
		assertThat(diff.path("coverage").path("outputs").asInt()).isEqualTo(2);
		operations(runtime, run, "children", "warned");
		String place = runtime.place("children", "starts");
		List<JsonNode> started = new ArrayList<>();
		for (JsonNode child : observed(run).path("children")) {
			if (child.path("place").asString("").equals(place)) {
				started.add(child);
			}
		}
		assertThat(started).hasSize(1);
		JsonNode item = this.client.checklist(run, "children");
		String record = started.getFirst().path("record").asString("none");
		if (runtime.reachesChildren()) {
			JsonNode child = json(this.client.record(run), "record/" + record + "/observed.json");
			assertThat(child.path("complete").asBoolean(false)).isTrue();
			assertThat(child.path("knobs").path("random.seed").path("end").asInt()).isEqualTo(42);
			assertThat(item.path("held").asString()).as(item.toPrettyString()).isEqualTo("yes");
		}
		else {
			assertThat(record).isEqualTo("none");
			assertThat(item.path("held").asString()).as(item.toPrettyString()).isEqualTo("not-available");
			assertThat(item.path("why").asString()).contains(place);
		}
	}

	@ParameterizedTest
	@EnumSource
	void outputsAreCollected(ContractRuntime runtime) throws IOException, InterruptedException {
		String run = succeeded(runtime, "held 7");
		List<String> paths = new ArrayList<>();
		JsonNode outputs = this.client.get("/runs/" + run + "/artifacts").path("outputs");
		for (JsonNode file : outputs.path("files")) {
			String path = file.path("path").asString();
			paths.add(path);
			assertThat(file.path("digest").asString())
				.isEqualTo(Digest.of(this.client.bytes("/runs/" + run + "/artifacts/" + path)).value());
		}
		assertThat(paths).containsExactly("loss.txt", "model/weights.txt");
		for (String rest : List.of("unmatched", "refused", "deleted")) {
			assertThat(outputs.path(rest).isEmpty()).as(outputs.toPrettyString()).isTrue();
		}
		assertThat(Double.valueOf(this.client.text("/runs/" + run + "/artifacts/loss.txt"))).isPositive();
	}

	@ParameterizedTest
	@EnumSource
	void theRecordIsComplete(ContractRuntime runtime) throws IOException, InterruptedException {
		String run = succeeded(runtime, "held 7");
		Map<String, byte[]> record = this.client.record(run);
		assertThat(record.keySet().stream().filter((path) -> path.startsWith("record/"))).containsExactly(
				"record/main/environment.json", "record/main/observed.json", "record/main/result.json",
				"record/main/trace/0000");
		JsonNode observed = observed(run);
		for (String part : List.of("schema", "process", "pid", "started", "argv", "imported", "knobs", "seedings",
				"drift", "trace", "children")) {
			assertThat(observed.hasNonNull(part)).as(part).isTrue();
		}
		assertThat(observed.path("complete").asBoolean(false)).isTrue();
		JsonNode knobs = this.client.get("/runs/" + run + "/recipe").path("knobs");
		assertThat(knobs.size()).isGreaterThan(20);
		for (JsonNode knob : knobs) {
			assertThat(knob.path("observed").size()).as(knob.toPrettyString()).isEqualTo(1);
			JsonNode read = knob.path("observed").get(0);
			assertThat(read.path("status").asString().equals("read") || read.path("why").isString())
				.as(knob.toPrettyString())
				.isTrue();
		}
		if (runtime == ContractRuntime.DJL) {
			// By itself DJL looks for CUDA, with a process.
			assertThat(observed.path("children").size()).isZero();
		}
		JsonNode result = json(record, "record/main/result.json");
		assertThat(result.path("outcome").asString()).isEqualTo("returned");
		assertThat(result.path("exitCode").asInt(-1)).isZero();
		JsonNode environment = json(record, "record/main/environment.json");
		for (String fact : List.of("/environment/packages", "/environment/torch/version", "/environment/harness/digest",
				"/machine/cpu/model", "/machine/cpu/flags", "/machine/cpu/cores", "/machine/cpu/capability",
				"/machine/kernel", "/machine/glibc", "/machine/gpus")) {
			JsonNode value = environment.at(fact);
			assertThat(value.isMissingNode() || value.isNull()).as(fact).isFalse();
		}
		if (runtime == ContractRuntime.DJL) {
			jvm(environment.path("environment"));
		}
	}

	private static void jvm(JsonNode environment) throws IOException {
		try (InputStream agent = RuntimeContractTests.class.getResourceAsStream("/jars/reprise-agent.jar")) {
			assertThat(agent).isNotNull();
			assertThat(environment.path("harness").path("digest").asString())
				.isEqualTo(Digest.of(agent.readAllBytes()).value());
		}
		JsonNode java = environment.path("java");
		assertThat(java.path("version").asString()).isEqualTo(System.getProperty("java.vm.version"));
		assertThat(java.path("runtime").asString()).isEqualTo(System.getProperty("java.runtime.version"));
		assertThat(java.path("vendor").asString()).isEqualTo(System.getProperty("java.vendor"));
		assertThat(java.path("vm").asString()).isEqualTo(System.getProperty("java.vm.name"));
		assertThat(java.path("digest").asString())
			.isEqualTo(Digest.of(Files.readAllBytes(Path.of(System.getProperty("java.home"), "release"))).value());
	}

	@Test
	void theTraceIsWholeAndOfTheSameKindsInTheSameOrder() throws IOException, InterruptedException {
		Map<ContractRuntime, Set<String>> kinds = new TreeMap<>();
		for (ContractRuntime runtime : ContractRuntime.values()) {
			JsonNode trace = this.client.get("/runs/" + succeeded(runtime, "held 7") + "/trace");
			JsonNode process = trace.path("processes").get(0);
			assertThat(process.path("state").asString()).as(process.toPrettyString()).isEqualTo("whole");
			assertThat(process.path("problems").size()).isZero();
			assertThat(process.path("segments").asInt()).isEqualTo(1);
			assertThat(trace.path("items").size()).isEqualTo(5);
			for (JsonNode row : trace.path("items")) {
				Set<String> there = new LinkedHashSet<>();
				for (JsonNode column : row.path("columns")) {
					if (!Set.of("absent", "vacuous", "unread").contains(column.path("value").asString(""))) {
						there.add(column.path("kind").asString());
					}
				}
				Set<String> earlier = kinds.putIfAbsent(runtime, there);
				// The first step has no state of an optimizer yet.
				assertThat(there).as("step %s", row.path("step")).containsAll((earlier != null) ? earlier : there);
			}
			assertThat(kinds.get(runtime)).filteredOn(KINDS::contains).containsExactlyElementsOf(KINDS);
		}
		assertThat(kinds.get(ContractRuntime.PYTHON)).containsAll(kinds.getOrDefault(ContractRuntime.DJL, Set.of()));
	}

	@ParameterizedTest
	@EnumSource
	void aKnobThatTheProgramChangesIsSeen(ContractRuntime runtime) throws IOException, InterruptedException {
		String run = succeeded(runtime, "drift recorded");
		drift(runtime, run);
		assertThat(knob(run, THREADS)).isEqualTo("1 2");
		JsonNode item = this.client.checklist(run, "threads");
		assertThat(item.path("held").asString()).as(item.toPrettyString()).isEqualTo("no");
		assertThat(item.path("why").asString()).contains(runtime.place("train", "drifts"), THREADS);
	}

	@ParameterizedTest
	@EnumSource
	void andEndsTheRunWhereThatIsAskedFor(ContractRuntime runtime) throws IOException, InterruptedException {
		JsonNode ended = ended(runtime, "drift failed");
		JsonNode failure = ended.path("failure");
		assertThat(failure.path("kind").asString()).as(failure.toPrettyString()).isEqualTo("DRIFT");
		assertThat(failure.path("message").asString()).contains(THREADS + " was 1 and became 2");
		assertThat(failure.path("location").asString()).isEqualTo(runtime.place("train", "drifts"));
		assertThat(failure.path("exitCode").asInt()).isEqualTo(86);
		assertThat(ended.path("outputs").path("files").asInt()).isZero();
		String run = ended.path("id").asString();
		drift(runtime, run);
		assertThat(observed(run).path("complete").asBoolean(false)).isTrue();
		assertThat(this.client.get("/runs/" + run + "/trace").path("items").size()).isEqualTo(2);
	}

	private void drift(ContractRuntime runtime, String run) throws IOException, InterruptedException {
		JsonNode drifts = observed(run).path("drift");
		assertThat(drifts.size()).as(drifts.toPrettyString()).isEqualTo(1);
		JsonNode drift = drifts.get(0);
		assertThat(drift.path("knob").asString()).isEqualTo(THREADS);
		assertThat(drift.path("from").asInt()).isEqualTo(1);
		assertThat(drift.path("to").asInt()).isEqualTo(2);
		assertThat(drift.path("place").asString()).isEqualTo(runtime.place("train", "drifts"));
		assertThat(drift.path("undone").asBoolean(true)).isFalse();
		assertThat(drift.path("step").asInt(-1)).isEqualTo(2);
	}

	@ParameterizedTest
	@EnumSource
	void timeRunsOutForOneThatStays(ContractRuntime runtime) throws IOException, InterruptedException {
		JsonNode failure = left(runtime, "stays", 1).path("failure");
		assertThat(failure.path("kind").asString()).as(failure.toPrettyString()).isEqualTo("TIMEOUT");
		assertThat(failure.path("message").asString()).contains("PT10S");
	}

	@ParameterizedTest
	@CsvSource({ "PYTHON, native", "PYTHON, heap", "DJL, native", "DJL, heap" })
	void memoryRunsOut(ContractRuntime runtime, String which) throws IOException, InterruptedException {
		JsonNode failure = left(runtime, which, 1).path("failure");
		assertThat(failure.path("kind").asString()).as(failure.toPrettyString()).isEqualTo("OUT_OF_MEMORY");
	}

	@ParameterizedTest
	@EnumSource
	void oneThatIsCancelledMaySaveFirst(ContractRuntime runtime) throws IOException, InterruptedException {
		submit(runtime, "saves", "ends", "\"priority\": 10", "saves");
		String run = this.runs.getOrDefault(runtime + "saves", "");
		Await.until(Duration.ofMinutes(2),
				() -> Optional.of(this.client.text("/runs/" + run + "/logs").contains("ready")));
		this.client.post("/runs/" + run + "/cancel", "", 202);
		JsonNode ended = left(runtime, "saves", 2);
		assertThat(ended.path("state").asString()).as(ended.toPrettyString()).isEqualTo("CANCELLED");
		assertThat(observed(run).path("complete").asBoolean(false)).isTrue();
	}

	/**
	 * One that was ended left some files, and no process.
	 */
	private JsonNode left(ContractRuntime runtime, String name, int files) throws IOException, InterruptedException {
		JsonNode ended = ended(runtime, name);
		assertThat(ended.path("outputs").path("files").asInt()).as(ended.toPrettyString()).isEqualTo(files);
		assertThat(MarkedProcesses.with(this.markers.getOrDefault(runtime + name, ""))).isEmpty();
		return ended;
	}

	private void submit(ContractRuntime runtime, String name, String program, String settings, String... args)
			throws IOException, InterruptedException {
		String marker = UUID.randomUUID().toString();
		String resources = settings.contains("resources") ? ""
				: "\"resources\": {\"memory\": \"1GiB\", \"disk\": \"1GiB\"}, ";
		String run = this.client
			.post("/runs", """
					{"seed": 42, "env": {"MARKER": "%s"}, "code": "%s", "runtime": %s, %s%s}""".formatted(marker,
					this.codes.get(runtime + program), runtime.spec(program, args), resources, settings), 201)
			.path("id")
			.asString();
		this.runs.put(runtime + name, run);
		this.markers.put(runtime + name, marker);
	}

	private JsonNode ended(ContractRuntime runtime, String name) throws InterruptedException {
		return this.client.ended(this.runs.getOrDefault(runtime + name, ""));
	}

	private String succeeded(ContractRuntime runtime, String name) throws IOException, InterruptedException {
		JsonNode ended = ended(runtime, name);
		String run = ended.path("id").asString();
		if (!ended.path("state").asString().equals("SUCCEEDED")) {
			throw new AssertionError(ended.toPrettyString() + this.client.text("/runs/" + run + "/logs"));
		}
		return run;
	}

	private JsonNode observed(String run) throws IOException, InterruptedException {
		return json(this.client.record(run), "record/main/observed.json");
	}

	/**
	 * What was read back of a knob at the start and at the end.
	 */
	private String knob(String run, String name) throws IOException, InterruptedException {
		JsonNode knob = observed(run).path("knobs").path(name);
		return knob.path("start").asString() + " " + knob.path("end").asString();
	}

	private static JsonNode json(Map<String, byte[]> record, String path) {
		byte[] bytes = record.get(path);
		assertThat(bytes).as("%s of %s", path, record.keySet()).isNotNull();
		return JsonMapper.shared().readTree(bytes);
	}

}
