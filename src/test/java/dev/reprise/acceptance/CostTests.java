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
 * What determinism costs a training job is measured, by a service that is killed in the
 * middle of it and whose database is lost after it.
 */
class CostTests {

	private static final String SPEC = """
			{"seed": 3, "determinism": "strict", "resources": {"cpus": 1},
			 "runtime": {"type": "python", "entrypoint": "train.py"}}""";

	private static final String PROGRAM = """
			import torch
			model = torch.nn.Linear(32, 32)
			optimizer = torch.optim.SGD(model.parameters(), lr=0.01)
			for step in range(50):
			    optimizer.zero_grad()
			    model(torch.randn(16, 32)).square().mean().backward()
			    optimizer.step()
			torch.save(model.state_dict(), "model.pt")
			""";

	@TempDir
	Path data;

	@ParameterizedTest
	@EnumSource
	void aMeasurementOutlivesTheServiceAndItsDatabase(TestDatabase database) throws Exception {
		List<String> options = database.options(this.data);
		ServiceProcess first = ServiceProcess.start(this.data, options.toArray(String[]::new));
		String cost;
		try {
			String run = first.client().succeeded(SPEC, Map.of("train.py", PROGRAM));
			cost = first.client().post("/runs/" + run + "/cost", "{\"rounds\": 1}", 202).path("id").asString();
			// Killed while its second run is under way, when the first is measured.
			Await.until(Duration.ofMinutes(5), () -> Optional
				.of(first.client().get("/costs/" + cost).path("arms").get(1).path("runs").size() == 1));
		}
		finally {
			first.kill();
		}
		ServiceProcess second = ServiceProcess.start(this.data, options.toArray(String[]::new));
		JsonNode told;
		try {
			told = ended(second.client(), cost);
			if (told.path("state").asString().equals("FAILED")) {
				// The run that was under way was lost with the service, and is not made
				// again: it would have another run's luck.
				assertThat(told.path("reason").asString()).contains("LOST");
				String again = second.client()
					.post("/runs/" + told.path("original").asString() + "/cost", "{\"rounds\": 1}", 202)
					.path("id")
					.asString();
				assertThat(ended(second.client(), again).path("state").asString()).isEqualTo("DONE");
				told = second.client().get("/costs/" + again);
			}
			measured(told);
		}
		finally {
			second.stop();
		}
		List<String> after = LostDatabase.lose(database, this.data, options);
		assertThat(LostDatabase.rebuild(this.data, after)).contains("exit 0", "costs");
		ServiceProcess third = ServiceProcess.start(this.data, after.toArray(String[]::new));
		try {
			assertThat(third.client().get("/costs/" + told.path("id").asString())).isEqualTo(told);
		}
		finally {
			third.stop();
		}
	}

	private static void measured(JsonNode cost) {
		assertThat(cost.path("state").asString()).as(cost.toPrettyString()).isEqualTo("DONE");
		assertThat(cost.path("arms").size()).isEqualTo(3);
		for (JsonNode arm : cost.path("arms")) {
			JsonNode run = arm.path("runs").get(0);
			assertThat(run.path("steps").asLong()).as(cost.toPrettyString()).isEqualTo(50);
			assertThat(run.path("secondsPerStep").asDouble()).isPositive()
				.isLessThan(run.path("seconds").asDouble() / 49);
			assertThat(run.path("ranBeside").asString()).isEqualTo("alone");
		}
		JsonNode ratio = cost.path("ratios").get(0);
		assertThat(ratio.path("of").asString()).isEqualTo("traced");
		assertThat(ratio.path("perStep").path("median").asDouble()).isPositive();
		assertThat(cost.path("statement").asString())
			.startsWith("A step takes, against one without recipe and trace, " + "with recipe and trace ");
	}

	private static JsonNode ended(Client client, String cost) throws InterruptedException {
		return Await.value(Duration.ofMinutes(10), () -> {
			JsonNode now = client.get("/costs/" + cost);
			return now.path("state").asString().equals("PENDING") ? Optional.empty() : Optional.of(now);
		});
	}

}
