package dev.reprise.acceptance;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Causes are confirmed by running left with one difference of right at a time.
 */
class CounterRunsTests extends WithService {

	private static final String PROGRAM = """
			import os, torch
			import rate
			%s
			weight = torch.nn.Parameter(torch.ones(1 << 18))
			optimizer = torch.optim.SGD([weight], lr=rate.of(os.environ))
			x = torch.randn(1 << 18)
			for step in range(3):
			    optimizer.zero_grad()
			    loss = (weight * x).sum()
			    (loss * loss * 1e-6).backward()
			    optimizer.step()
			torch.save(weight, "model.pt")
			""";

	private static final String RATE = "def of(env): return 0.1\n";

	@Test
	void theDifferenceThatAloneMakesTheOtherSideIsConfirmed() throws Exception {
		String left = run(1, "\"UNUSED\": \"a\"", "PT10M", PROGRAM.formatted(""), RATE);
		String right = run(2, "\"UNUSED\": \"b\", \"ALSO\": \"c\"", "PT11M", PROGRAM.formatted(""), RATE);
		String diff = diff(left, right);
		JsonNode study = studied(diff, "{}");
		assertThat(study.path("outcome").asString()).as(study.toPrettyString()).isEqualTo("CONFIRMED");
		assertThat(study.path("changes").valueStream().map((change) -> change.path("key").asString()))
			.as("a timeout changes no bit")
			.containsExactlyInAnyOrder("resources.threads", "env.UNUSED", "env.ALSO");
		assertThat(study.path("runs").size()).isEqualTo(4);
		assertThat(study.path("runs").get(0).path("change").isNull()).isTrue();
		assertThat(study.path("runs").get(0).path("outcome").asString()).isEqualTo("REPRODUCES");
		assertThat(reproducing(study)).containsExactly("resources.threads");
		JsonNode causes = this.client.get("/diffs/" + diff).path("causes");
		assertThat(causes.get(0).path("key").asString()).isEqualTo("resources.threads");
		assertThat(causes.get(0).path("confidence").asString()).isEqualTo("confirmed");
		assertThat(causes.valueStream().filter((cause) -> cause.path("confidence").asString().equals("confirmed")))
			.hasSize(1);
		assertThat(this.client.post("/diffs/" + diff + "/counter-runs", "{}", 202)).isEqualTo(study);
	}

	@Test
	void ofTheChangedFilesTheOneThatMattersIsConfirmed() throws Exception {
		String left = run(1, "", "PT10M", PROGRAM.formatted(""), RATE);
		String right = run(1, "", "PT10M", PROGRAM.formatted("# a comment"), RATE.replace("0.1", "0.2"));
		JsonNode study = studied(diff(left, right), "{}");
		assertThat(study.path("outcome").asString()).as(study.toPrettyString()).isEqualTo("CONFIRMED");
		assertThat(reproducing(study)).containsExactlyInAnyOrder("rate.py", "*");
	}

	/**
	 * Each way round: the knob is set where left's mode leaves it alone, and left alone
	 * where left's mode sets it.
	 */
	@ParameterizedTest
	@CsvSource({ "seeded, warn, '\"warn\"'", "warn, seeded, null" })
	void ofTheKnobsOfAnotherModeTheOneThatMattersIsConfirmed(String leftMode, String rightMode, String value)
			throws Exception {
		String diff = diff(inMode(leftMode), inMode(rightMode));
		JsonNode study = studied(diff, "{}");
		assertThat(study.path("outcome").asString()).as(study.toPrettyString()).isEqualTo("CONFIRMED");
		assertThat(study.path("changes").toString()).isEqualTo(
				"""
						[{"layer":"settings","key":"determinism"},{"layer":"recipe","key":"torch.use_deterministic_algorithms"},\
						{"layer":"recipe","key":"torch.utils.deterministic.fill_uninitialized_memory"},\
						{"layer":"recipe","key":"torch.backends.mkldnn.deterministic"},\
						{"layer":"recipe","key":"torch.backends.fp32_precision"},\
						{"layer":"recipe","key":"TORCHINDUCTOR_DETERMINISTIC"}]""");
		assertThat(reproducing(study)).containsExactly("determinism", "torch.use_deterministic_algorithms");
		assertThat(study.path("statement").asString())
			.isEqualTo("Left with nothing but settings determinism or recipe torch.use_deterministic_algorithms of"
					+ " right gives what right gave.");
		assertThat(this.client.get("/diffs/" + diff).path("causes").get(1).path("key").asString())
			.isEqualTo("torch.use_deterministic_algorithms");

		String counter = study.path("runs").get(2).path("run").asString();
		JsonNode run = this.client.get("/runs/" + counter);
		assertThat(run.path("spec").path("determinism").asString()).isEqualTo(leftMode);
		assertThat(run.path("watch").path("knobs").toString())
			.isEqualTo("{\"torch.use_deterministic_algorithms\":" + value + "}");
		JsonNode item = this.client.get("/runs/" + counter + "/checklist")
			.path("items")
			.valueStream()
			.filter((line) -> line.path("item").asString("").equals("deterministic-algorithms"))
			.findFirst()
			.orElseThrow();
		assertThat(item.path("held").asString()).as(item.toPrettyString()).isEqualTo("yes");
		assertThat(item.path("requested").has("torch.use_deterministic_algorithms")).isEqualTo(!value.equals("null"));
		assertThat(item.path("why").asString())
			.endsWith("On purpose otherwise than mode " + leftMode + " has it: torch.use_deterministic_algorithms.");
	}

	private String inMode(String mode) throws Exception {
		return this.client.succeeded("""
				{"seed": 3, "determinism": "%s", "resources": {"cpus": 1},
				 "runtime": {"type": "python", "entrypoint": "train.py"}}""".formatted(mode),
				Map.of("train.py", KnobTests.PROGRAM));
	}

	@Test
	void whereNoDifferenceAloneIsEnoughThoseThatAreNeededAreNamed() throws Exception {
		String rate = "def of(env): return 0.2 if env.get('A') == env.get('B') == '1' else 0.1\n";
		String left = run(1, "\"A\": \"0\", \"B\": \"0\", \"C\": \"0\"", "PT10M", PROGRAM.formatted(""), rate);
		String right = run(1, "\"A\": \"1\", \"B\": \"1\", \"C\": \"1\"", "PT10M", PROGRAM.formatted(""), rate);
		JsonNode study = studied(diff(left, right), "{\"maxRuns\": 8}");
		assertThat(study.path("outcome").asString()).as(study.toPrettyString()).isEqualTo("JOINT");
		assertThat(study.path("runs").size()).isEqualTo(8);
		assertThat(study.path("statement").asString()).contains("settings env.A, nor without settings env.B")
			.doesNotContain("env.C");
	}

	@Test
	void whereLeftIsNotTheSameAgainNothingIsConfirmed() throws Exception {
		String drawn = PROGRAM.formatted("torch.manual_seed(int.from_bytes(os.urandom(3), 'little'))");
		String diff = diff(run(1, "", "PT10M", drawn, RATE), run(2, "", "PT10M", drawn, RATE));
		JsonNode study = studied(diff, "{}");
		assertThat(study.path("outcome").asString()).as(study.toPrettyString()).isEqualTo("NOT_REPRODUCED");
		assertThat(study.path("runs").size()).as("no more runs are made for nothing").isEqualTo(1);
		assertThat(this.client.get("/diffs/" + diff)
			.path("causes")
			.valueStream()
			.filter((cause) -> cause.path("confidence").asString().equals("confirmed"))).isEmpty();
	}

	@Test
	void whatCannotBeTriedIsSaid() throws Exception {
		String left = run(1, "", "PT10M", PROGRAM.formatted(""), RATE);
		String same = diff(left, run(1, "", "PT12M", PROGRAM.formatted(""), RATE));
		assertThat(this.client.post("/diffs/" + same + "/counter-runs", "{}", 409).path("detail").asString())
			.contains("IDENTICAL");
		this.client.problem("/diffs/" + same + "/counter-runs", 404);
		this.client.post("/diffs/" + same + "/counter-runs", "{\"maxRuns\": 1}", 422);
	}

	private String run(int threads, String env, String timeout, String program, String rate) throws Exception {
		return this.client.succeeded(
				"""
						{"seed": 3, "determinism": "strict", "resources": {"cpus": 2, "threads": %d}, "env": {%s}, "timeout": "%s",
						 "runtime": {"type": "python", "entrypoint": "train.py"}}"""
					.formatted(threads, env, timeout),
				Map.of("train.py", program, "rate.py", rate));
	}

	private String diff(String left, String right) throws Exception {
		return this.client.post("/diffs", "{\"left\": \"" + left + "\", \"right\": \"" + right + "\"}", 200)
			.path("id")
			.asString();
	}

	private static List<String> reproducing(JsonNode study) {
		return study.path("runs")
			.valueStream()
			.filter((run) -> run.path("change").isObject() && run.path("outcome").asString().equals("REPRODUCES"))
			.map((run) -> run.path("change").path("key").asString())
			.toList();
	}

	private JsonNode studied(String diff, String request) throws Exception {
		this.client.post("/diffs/" + diff + "/counter-runs", request, 202);
		return Await.value(Duration.ofMinutes(10), () -> {
			JsonNode now = this.client.get("/diffs/" + diff + "/counter-runs");
			return now.path("state").asString().equals("DONE") ? Optional.of(now) : Optional.empty();
		});
	}

}
