package dev.reprise.acceptance;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import dev.reprise.artifact.Digest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

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
			Path blob = blob(digest);
			byte[] bytes = Files.readAllBytes(blob);
			flip(digest);

			Scrubbed after = scrub();
			assertThat(after.code).isEqualTo(1);
			assertThat(after.out).contains(digest + " has other bytes than its name says; touches " + touched + "\n")
				.doesNotContain(other);
			client.problem("/runs/" + touched + "/artifacts/out.txt", 410);
			client.problem("/blobs/" + digest, 410);
			assertThat(client.text("/runs/" + other + "/artifacts/out.txt")).isEqualTo("other\n");

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

	@Test
	void diffsAndRunsThatWaitAreNamedToo() throws IOException, InterruptedException {
		ServiceProcess service = ServiceProcess.start(this.data, "--reprise.capacity.cpus=1");
		try {
			Client client = service.client();
			String left = client.succeeded(SPEC, Map.of("job.sh", "echo left > out.txt"));
			String right = client.succeeded(SPEC, Map.of("job.sh", "echo right > out.txt"));
			String diff = client.diff(left, right).path("id").asString();
			String held = client.submit(SPEC, Map.of("job.sh", "exec sleep 600"));
			String waits = client.submit(SPEC, Map.of("job.sh", "true # it waits"));

			JsonNode copy = JsonMapper.shared().readTree(this.data.resolve("rows/" + diff + ".diff.json"));
			String result = copy.path("rows").path("diffs").path(0).path("result").asString();
			flip(result);
			client.problem("/diffs/" + diff, 410);
			assertThat(client.diff(right, left).path("verdict").asString()).isEqualTo("DIFFERENT");
			String code = Digest.of("true # it waits".getBytes(StandardCharsets.UTF_8)).value();
			flip(code);
			String running = Digest.of("exec sleep 600".getBytes(StandardCharsets.UTF_8)).value();
			Files.delete(blob(running));

			Scrubbed scrubbed = scrub();
			assertThat(scrubbed.code).isEqualTo(1);
			assertThat(scrubbed.out)
				.contains(result + " has other bytes than its name says; touches diff " + diff + " of " + left + " and "
						+ right + "\n")
				.contains(code + " has other bytes than its name says; touches " + waits + "\n")
				.contains(running + " is missing; touches " + held + "\n");
		}
		finally {
			service.stop();
		}
	}

	/**
	 * They are in the spec alone, in no listing, and two runs may share one.
	 */
	@Test
	void runsAreNamedByTheirLockFiles() throws IOException, InterruptedException {
		ServiceProcess service = ServiceProcess.start(this.data, "--reprise.capacity.cpus=1",
				"--reprise.uv=" + ServiceProcess.uv());
		try {
			Client client = service.client();
			client.submit(SPEC, Map.of("job.sh", "exec sleep 600"));
			String damaged = lock(client, LockedEnvironmentTests.lock("six"));
			String missing = lock(client, LockedEnvironmentTests.lock("numpy-2"));
			String one = client.submit(locked(damaged), Map.of("job.sh", "true"));
			String two = client.submit(locked(damaged), Map.of("job.sh", "true"));
			String three = client.submit(locked(missing), Map.of("job.sh", "true"));
			assertThat(scrub().code).isZero();

			flip(damaged);
			Files.delete(blob(missing));
			Scrubbed scrubbed = scrub();
			assertThat(scrubbed.code).isEqualTo(1);
			assertThat(scrubbed.out)
				.contains(damaged + " has other bytes than its name says; touches " + one + ", " + two + "\n")
				.contains(missing + " is missing; touches " + three + "\n");
		}
		finally {
			service.stop();
		}
	}

	private static String lock(Client client, String text) throws IOException, InterruptedException {
		byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
		String digest = Digest.of(bytes).value();
		client.put("/blobs/" + digest, bytes);
		return digest;
	}

	private static String locked(String lock) {
		return SPEC.replaceFirst("\\{", "{\"environment\": {\"lock\": \"" + lock + "\"}, ");
	}

	private Path blob(String digest) {
		return this.data.resolve("blobs/sha256").resolve(digest.substring(7, 9)).resolve(digest.substring(7));
	}

	private void flip(String digest) throws IOException {
		byte[] bytes = Files.readAllBytes(blob(digest));
		bytes[3] ^= 1;
		Files.setPosixFilePermissions(blob(digest), PosixFilePermissions.fromString("rw-r--r--"));
		Files.write(blob(digest), bytes);
	}

	private Scrubbed scrub() throws IOException, InterruptedException {
		List<String> command = new ArrayList<>(Product.service());
		command.addAll(List.of("scrub", "--data", this.data.toString()));
		Process process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
		String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
		assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
		return new Scrubbed(process.exitValue(), out);
	}

	private record Scrubbed(int code, String out) {
	}

}
