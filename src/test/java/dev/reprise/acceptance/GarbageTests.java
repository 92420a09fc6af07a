package dev.reprise.acceptance;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Garbage is collected all the time while clients upload, submit, replay and compare:
 * what nobody needs goes, and nothing else.
 */
class GarbageTests {

	private static final String SPEC = """
			{"runtime": {"type": "python", "command": ["sh", "job.sh"]}, "resources": {"memory": "256MiB"},
			 "inputs": {"in": {"digest": "%s", "path": "in.txt"}}}""";

	private static final Duration AGE = Duration.ofSeconds(10);

	@TempDir
	Path data;

	@Test
	void whatIsNeededStaysAndWhatIsNotGoes() throws Exception {
		ServiceProcess service = ServiceProcess.start(this.data, "--reprise.garbage.every=20ms",
				"--reprise.garbage.age=" + AGE);
		try (ExecutorService clients = Executors.newFixedThreadPool(3)) {
			Client client = service.client();
			String orphan = upload(client, "nobody names this");
			String old = upload(client, "named by what is submitted later");
			List<Callable<List<String>>> work = new ArrayList<>();
			for (int i = 0; i < 3; i++) {
				int number = i;
				work.add(() -> use(client, number));
			}
			List<String> runs = new ArrayList<>();
			for (Future<List<String>> done : clients.invokeAll(work)) {
				runs.addAll(done.get());
			}
			Await.until(AGE.multipliedBy(6),
					() -> Optional.of(!Files.exists(blob(orphan)) && !Files.exists(blob(old))));
			// Put again, it is there again, and whoever names it in time keeps it.
			String again = upload(client, "named by what is submitted later");
			assertThat(again).isEqualTo(old);
			runs.add(client.succeeded(SPEC.formatted(again), Map.of("job.sh", "cat in.txt > out.txt")));
			Path witness = blob(upload(client, "another that nobody names"));
			Await.until(AGE.multipliedBy(6), () -> Optional.of(!Files.exists(witness)));

			for (String run : runs) {
				JsonNode listing = client.get("/runs/" + run + "/artifacts");
				assertThat(blob(listing.path("code").path("digest").asString())).exists();
				assertThat(blob(listing.path("inputs").path("in").path("digest").asString())).exists();
				assertThat(blob(listing.path("outputs").path("files").get(0).path("digest").asString())).exists();
			}
			assertThat(client.replayed(runs.getFirst()).path("verdict").asString()).isEqualTo("IDENTICAL");
			assertThat(client.diff(runs.getFirst(), runs.getLast()).path("verdict").asString()).isEqualTo("DIFFERENT");
			assertThat(client.get("/diffs/" + client.diff(runs.getFirst(), runs.getLast()).path("id").asString())
				.path("verdict")
				.asString()).isEqualTo("DIFFERENT");
		}
		finally {
			service.stop();
		}
	}

	/**
	 * Uploads, submits, replays: each of them would fail if what it names were taken
	 * away.
	 */
	private static List<String> use(Client client, int number) throws IOException, InterruptedException {
		List<String> runs = new ArrayList<>();
		for (int i = 0; i < 4; i++) {
			String input = upload(client, "input " + number + " " + i);
			String run = client.succeeded(SPEC.formatted(input),
					Map.of("job.sh", "cat in.txt > out.txt; echo " + number + "-" + i + " > more.txt"));
			JsonNode diff = client.replayed(run);
			assertThat(diff.path("verdict").asString()).as("%s", diff).isEqualTo("IDENTICAL");
			runs.add(run);
		}
		return runs;
	}

	private static String upload(Client client, String text) throws IOException, InterruptedException {
		byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
		try {
			String digest = "sha256:" + HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
			client.put("/blobs/" + digest, bytes);
			return digest;
		}
		catch (java.security.NoSuchAlgorithmException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private Path blob(String digest) {
		return this.data.resolve("blobs/sha256").resolve(digest.substring(7, 9)).resolve(digest.substring(7));
	}

}
