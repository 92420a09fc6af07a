package dev.reprise.acceptance;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * SIGTERM: what runs ends or is handed back, what is submitted is kept, and it takes no
 * longer than is said.
 */
class StopTests {

	private static final String SPEC = "{\"runtime\": {\"type\": \"python\", \"command\": [\"sh\", \"job.sh\"]}}";

	@TempDir
	Path data;

	@Test
	void whatRunsEndsOrIsHandedBackAndWhatIsSubmittedIsKept() throws IOException, InterruptedException {
		ServiceProcess first = ServiceProcess.start(this.data, "--reprise.drain=4s", "--reprise.capacity.cpus=2");
		Client client = first.client();
		String ends = client.submit(SPEC, Map.of("job.sh", "echo up; sleep 2; echo done > out.txt"));
		String stays = client.submit(SPEC, Map.of("job.sh", """
				echo up
				grep -q '"attempt" : 1' /workspace/job.json && exec sleep 1000
				echo done > out.txt"""));
		for (String run : new String[] { ends, stays }) {
			Await.until(Duration.ofMinutes(1), () -> Optional.of(client.text("/runs/" + run + "/logs").contains("up")));
		}
		first.terminate();
		Await.until(Duration.ofSeconds(10), () -> Optional.of(first.log().contains("stopping: 2 runs")));
		String late = client.submit(SPEC, Map.of("job.sh", "echo done > out.txt"));
		assertThat(client.get("/runs/" + late).path("state").asString()).as("nothing starts any more")
			.isEqualTo("QUEUED");
		assertThat(first.exitCode(Duration.ofSeconds(34))).isEqualTo(OptionalInt.of(0));

		ServiceProcess second = ServiceProcess.start(this.data);
		try {
			for (String run : new String[] { ends, stays, late }) {
				JsonNode end = second.client().ended(run);
				assertThat(end.path("state").asString()).as("%s", end).isEqualTo("SUCCEEDED");
				assertThat(end.path("attempts").size()).as("%s", end).isEqualTo(run.equals(stays) ? 2 : 1);
			}
			assertThat(second.client().get("/runs/" + stays).path("attempts").get(0).path("ending").asString())
				.isEqualTo("The service was stopped; the run was handed back to the queue.");
		}
		finally {
			second.stop();
		}
	}

}
