package dev.reprise.acceptance;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A disk that is full refuses what would be kept, serves what is there, and all goes on
 * when there is room again.
 */
class FullDiskTests {

	private static final String SPEC = "{\"runtime\": {\"type\": \"python\", \"command\": [\"sh\", \"job.sh\"]}}";

	private static final Map<String, String> CODE = Map.of("job.sh", "echo said; echo kept > out.txt");

	private static final long BLOB = 96L << 20;

	private final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

	@TempDir
	Path folder;

	static boolean mayMount() throws IOException {
		return Integer.valueOf(0).equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid"));
	}

	@Test
	@EnabledIf("mayMount")
	void aFullDiskRefusesAndReads() throws IOException, InterruptedException {
		command("mount", "-t", "tmpfs", "-o", "size=160m,mode=755", "reprise-test", this.folder.toString());
		ServiceProcess service = null;
		try {
			service = ServiceProcess.start(this.folder.resolve("data"), "--reprise.reserve=64MiB",
					"--reprise.capacity.cpus=1");
			Client client = service.client();
			String run = client.succeeded(SPEC, CODE);

			// More than there is, sent to a disk that has room when it begins.
			HttpResponse<String> large = put(service, new ByteArrayInputStream(new byte[(int) (BLOB + BLOB / 3)]));
			assertThat(large.statusCode()).as(large.body()).isEqualTo(507);
			assertThat(large.body()).contains("full");
			try (Stream<Path> parts = Files.walk(this.folder.resolve("data/blobs/incoming"))) {
				assertThat(parts.filter((file) -> file.toString().endsWith(".part"))).isEmpty();
			}

			// All cores are held; what comes next has to wait.
			String running = client.submit(SPEC, Map.of("job.sh", "exec sleep 600"));
			Await.until(Duration.ofMinutes(1),
					() -> Optional.of(client.get("/runs/" + running).path("state").asString().equals("RUNNING")));
			String queued = client.submit(SPEC, CODE);

			Path filler = this.folder.resolve("filler");
			Files.write(filler, new byte[(int) BLOB]);
			client.post("/runs/" + running + "/cancel", "", 202);
			client.ended(running);
			JsonNode waiting = client.get("/workers").path("items").get(0).path("waiting");
			assertThat(waiting.get(0).path("run").asString()).isEqualTo(queued);
			assertThat(waiting.get(0).path("why").asString()).startsWith("nothing starts while the disk");
			assertThat(service.log()).contains("nothing starts while the disk");

			client.refused(SPEC, CODE, 507);
			client.post("/runs/" + run + "/replays", "{}", 507);
			assertThat(put(service, new ByteArrayInputStream(new byte[1])).statusCode()).isEqualTo(507);
			assertThat(client.get("/runs/" + run).path("state").asString()).isEqualTo("SUCCEEDED");
			assertThat(client.text("/runs/" + run + "/logs")).isEqualTo("said\n");
			assertThat(client.text("/runs/" + run + "/artifacts/out.txt")).isEqualTo("kept\n");
			assertThat(client.get("/runs/" + queued).path("state").asString()).isEqualTo("QUEUED");

			Files.delete(filler);
			assertThat(client.ended(queued).path("state").asString()).isEqualTo("SUCCEEDED");
			client.succeeded(SPEC, CODE);
			assertThat(client.replayed(run).path("verdict").asString()).isEqualTo("IDENTICAL");
		}
		finally {
			if (service != null) {
				service.stop();
			}
			command("umount", this.folder.toString());
		}
	}

	private HttpResponse<String> put(ServiceProcess service, InputStream body)
			throws IOException, InterruptedException {
		return this.http
			.send(HttpRequest.newBuilder(URI.create(service.address() + "/api/v1/blobs/sha256:" + "0".repeat(64)))
				.PUT(HttpRequest.BodyPublishers.ofInputStream(() -> body))
				.build(), HttpResponse.BodyHandlers.ofString());
	}

	private static void command(String... words) throws IOException, InterruptedException {
		Process process = new ProcessBuilder(words).inheritIO().start();
		assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
		assertThat(process.exitValue()).isZero();
	}

}
