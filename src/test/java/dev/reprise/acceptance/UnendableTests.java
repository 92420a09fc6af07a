package dev.reprise.acceptance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

import dev.reprise.executor.FrozenProcesses;
import dev.reprise.executor.gpu.FakeDriver;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * A process that cannot be ended, as one that waits for a disk that does not answer: what
 * it holds is given to nobody, in this life of the service and in the next ones, until a
 * start finds it gone.
 */
class UnendableTests {

	@TempDir
	Path data;

	private ServiceProcess service(FakeDriver driver) throws IOException, InterruptedException {
		return ServiceProcess.start(this.data,
				driver.properties().stream().map((property) -> "--" + property).toArray(String[]::new));
	}

	@Test
	@SuppressWarnings("try")
	void whatItHoldsStaysOutOfUseUntilItIsGone() throws IOException, InterruptedException {
		assumeTrue(FrozenProcesses.canBe(), "only a frozen control group of version 1 keeps a process from dying");
		FakeDriver driver = FakeDriver.install("eight");
		String marker = UUID.randomUUID().toString();
		ServiceProcess service = service(driver);
		try {
			Client client = service.client();
			long cores = worker(client).path("cpus").path("total").asLong();
			assertThat(cores).as("the test wants two cores").isGreaterThan(1);
			String cancelled = submit(client, marker + "a", 1, 0);
			String lost = submit(client, marker + "b", cores - 1, 3);
			try (FrozenProcesses first = frozen(client, cancelled, marker + "a");
					FrozenProcesses second = frozen(client, lost, marker + "b")) {
				client.post("/runs/" + cancelled + "/cancel", "", 202);
				assertThat(client.ended(cancelled).path("state").asString()).isEqualTo("CANCELLED");
				assertThat(outOfUse(client)).containsExactly(cancelled);

				// The first was known to be lost when the service was killed, the second
				// not.
				for (int life = 0; life < 2; life++) {
					service.kill();
					service = service(driver);
					client = service.client();
					assertThat(client.ended(lost).path("failure").path("kind").asString()).isEqualTo("LOST");
					assertThat(outOfUse(client)).containsExactlyInAnyOrder(cancelled, lost);
					JsonNode worker = worker(client);
					assertThat(worker.path("cpus").path("free").asLong()).isZero();
					assertThat(worker.path("memory").path("free").asLong())
						.isEqualTo(worker.path("memory").path("total").asLong() - (128L << 20));
					assertThat(worker.path("gpus").valueStream())
						.filteredOn((gpu) -> gpu.path("heldBy").asString("").equals(lost))
						.hasSize(3);
					assertThat(worker.path("outOfUse").get(0).path("problem").asString())
						.contains("a process of this attempt cannot be ended");
					String waits = submit(client, marker, 1, 8);
					assertThat(worker(client).path("waiting").get(0).path("why").asString()).isEqualTo(
							"needs 8 GPUs of one model (5 in use on this machine), 1 core (0 in use on this machine)");
					client.post("/runs/" + waits + "/cancel", "", 202);
				}
				assertThat(MarkedProcesses.with(marker)).hasSize(2);
			}
			service.kill();
			service = service(driver);
			JsonNode worker = worker(service.client());
			assertThat(worker.path("outOfUse")).isEmpty();
			assertThat(worker.path("cpus").path("free").asLong()).isEqualTo(cores);
			try (var attempts = Files.list(this.data.resolve("attempts"))) {
				assertThat(attempts).isEmpty();
			}
		}
		finally {
			service.stop();
		}
	}

	private static String submit(Client client, String marker, long cpus, int gpus)
			throws IOException, InterruptedException {
		return client.submit("""
				{"env": {"MARKER": "%s"}, "resources": {"cpus": %d, "gpus": %d, "memory": "64MiB"},
				 "runtime": {"type": "python", "command": ["sh", "job.sh"]}}""".formatted(marker, cpus, gpus),
				Map.of("job.sh", "echo ready; exec sleep 600"));
	}

	private static FrozenProcesses frozen(Client client, String run, String marker)
			throws IOException, InterruptedException {
		Await.until(Duration.ofMinutes(1),
				() -> Optional.of(client.get("/runs/" + run).path("state").asString().equals("RUNNING")
						&& client.text("/runs/" + run + "/logs").contains("ready")));
		List<Long> processes = MarkedProcesses.with(marker)
			.stream()
			.map((process) -> Long.valueOf(process.getFileName().toString()))
			.toList();
		assertThat(processes).hasSize(1);
		return new FrozenProcesses(processes);
	}

	private static JsonNode worker(Client client) throws IOException, InterruptedException {
		return client.get("/workers").path("items").get(0);
	}

	private static List<String> outOfUse(Client client) throws IOException, InterruptedException {
		return worker(client).path("outOfUse").valueStream().map((held) -> held.path("run").asString()).toList();
	}

}
