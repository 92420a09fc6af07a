package dev.reprise.acceptance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * {@code ./reprise scrub}, beside a service that lives.
 */
class ScrubTests {

	private static final String SPEC = "{\"runtime\": {\"type\": \"python\", \"command\": [\"sh\", \"job.sh\"]}}";

	@TempDir
	Path data;

	@Test
	void whatIsDamagedIsNamedWithItsRunsAndNotGivenOut() throws IOException, InterruptedException {
		ServiceProcess service = ServiceProcess.start(this.data);
		try {
			Client client = service.client();
			String touched = client.succeeded(SPEC, Map.of("job.sh", "echo precious > out.txt"));
			String other = client.succeeded(SPEC, Map.of("job.sh", "echo other > out.txt"));
			Scrubbed before = scrub();
			assertThat(before.code).as(before.out).isZero();

			JsonNode file = client.get("/runs/" + touched + "/artifacts").path("outputs").path("files").get(0);
			String digest = file.path("digest").asString();
			Path blob = this.data.resolve("blobs/sha256").resolve(digest.substring(7, 9)).resolve(digest.substring(7));
			byte[] bytes = Files.readAllBytes(blob);
			bytes[3] ^= 1;
			Files.setPosixFilePermissions(blob, PosixFilePermissions.fromString("rw-r--r--"));
			Files.write(blob, bytes);

			Scrubbed after = scrub();
			assertThat(after.code).isEqualTo(1);
			assertThat(after.out).contains(digest + " has other bytes than its name says; touches " + touched + "\n")
				.doesNotContain(other);
			client.problem("/runs/" + touched + "/artifacts/out.txt", 410);
			client.problem("/blobs/" + digest, 410);
			assertThat(client.text("/runs/" + other + "/artifacts/out.txt")).isEqualTo("other\n");

			bytes[3] ^= 1;
			client.put("/blobs/" + digest, bytes);
			assertThat(client.text("/runs/" + touched + "/artifacts/out.txt")).isEqualTo("precious\n");
			assertThat(scrub().code).isZero();

			Files.delete(blob);
			Scrubbed missing = scrub();
			assertThat(missing.code).isEqualTo(1);
			assertThat(missing.out).contains(digest + " is missing; touches " + touched + "\n");
			client.problem("/runs/" + touched + "/artifacts/out.txt", 410);
		}
		finally {
			service.stop();
		}
	}

	private Scrubbed scrub() throws IOException, InterruptedException {
		List<String> command = new ArrayList<>(ServiceProcess.java());
		command.addAll(List.of("dev.reprise.cli.Main", "scrub", "--data", this.data.toString()));
		Process process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
		String out = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
		assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
		return new Scrubbed(process.exitValue(), out);
	}

	private record Scrubbed(int code, String out) {
	}

}
