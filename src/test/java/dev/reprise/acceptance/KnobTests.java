package dev.reprise.acceptance;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import dev.reprise.service.TestDatabase;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A counter-run that takes over a single knob keeps it, in a service that is killed while
 * it runs and whose database is lost after it.
 */
class KnobTests {

	/**
	 * Where deterministic algorithms are on, torch fills what was not initialised with
	 * NaN. 64 MiB come from the kernel otherwise, as zeros.
	 */
	static final String PROGRAM = """
			import torch
			target = torch.empty(1 << 24)[:8].nan_to_num(1.0)
			weight = torch.nn.Parameter(torch.randn(8))
			optimizer = torch.optim.SGD([weight], lr=0.1)
			for step in range(3):
			    optimizer.zero_grad()
			    (weight - target).square().sum().backward()
			    optimizer.step()
			torch.save(weight, "model.pt")
			""";

	private static final String KNOB = "torch.use_deterministic_algorithms";

	@TempDir
	Path data;

	@ParameterizedTest
	@EnumSource
	void aKnobThatWasTakenOverOutlivesTheServiceAndItsDatabase(TestDatabase database) throws Exception {
		List<String> options = database.options(this.data);
		ServiceProcess first = ServiceProcess.start(this.data, options.toArray(String[]::new));
		String diff;
		try {
			String left = first.client().succeeded(spec("seeded"), Map.of("train.py", PROGRAM));
			String right = first.client().succeeded(spec("warn"), Map.of("train.py", PROGRAM));
			diff = first.client().diff(left, right).path("id").asString();
			first.client().post("/diffs/" + diff + "/counter-runs", "{\"maxRuns\": 3}", 202);
			// Killed when the runs that are to confirm are submitted.
			Await.until(Duration.ofMinutes(5), () -> Optional.of(study(first.client(), diff).path("runs").size() == 3));
		}
		finally {
			first.kill();
		}
		ServiceProcess second = ServiceProcess.start(this.data, options.toArray(String[]::new));
		String counter;
		JsonNode told;
		JsonNode recipe;
		try {
			told = Await.value(Duration.ofMinutes(10), () -> {
				JsonNode now = study(second.client(), diff);
				return now.path("state").asString().equals("DONE") ? Optional.of(now) : Optional.empty();
			});
			assertThat(told.path("outcome").asString()).as(told.toPrettyString()).isEqualTo("CONFIRMED");
			JsonNode run = told.path("runs").get(2);
			assertThat(run.path("change").toString()).isEqualTo("{\"layer\":\"recipe\",\"key\":\"" + KNOB + "\"}");
			assertThat(run.path("outcome").asString()).isEqualTo("REPRODUCES");
			counter = run.path("run").asString();
			recipe = second.client().get("/runs/" + counter + "/recipe");
		}
		finally {
			second.stop();
		}
		List<String> after = LostDatabase.lose(database, this.data, options);
		assertThat(LostDatabase.rebuild(this.data, after)).contains("exit 0", "counter_studies");
		ServiceProcess third = ServiceProcess.start(this.data, after.toArray(String[]::new));
		try {
			Client client = third.client();
			assertThat(study(client, diff)).isEqualTo(told);
			assertThat(client.get("/runs/" + counter).path("watch").toString())
				.isEqualTo("{\"knobs\":{\"" + KNOB + "\":\"warn\"}}");
			assertThat(client.get("/runs/" + counter + "/recipe")).isEqualTo(recipe);
			assertThat(recipe.path("otherwise").toString()).isEqualTo("[\"" + KNOB + "\"]");
			JsonNode replayed = client.replayed(counter);
			assertThat(replayed.path("verdict").asString()).as(replayed.toPrettyString()).isEqualTo("IDENTICAL");
			JsonNode premises = replayed.path("premises");
			assertThat(premises.valueStream().filter((premise) -> !premise.path("same").asBoolean(true))).isEmpty();
		}
		finally {
			third.stop();
		}
	}

	private static JsonNode study(Client client, String diff) throws Exception {
		return client.get("/diffs/" + diff + "/counter-runs");
	}

	private static String spec(String mode) {
		return """
				{"seed": 3, "determinism": "%s", "maxAttempts": 3, "resources": {"cpus": 1},
				 "runtime": {"type": "python", "entrypoint": "train.py"}}""".formatted(mode);
	}

}
