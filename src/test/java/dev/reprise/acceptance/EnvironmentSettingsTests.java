package dev.reprise.acceptance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What an operator may set of the environments that are built from lock files.
 */
class EnvironmentSettingsTests {

	private static final String SPEC = """
			{"seed": 1, "environment": {"lock": "requirements.txt"},
			 "runtime": {"type": "python", "entrypoint": "train.py"}}""";

	/**
	 * A package of which there never was a wheel.
	 */
	private static final String SOURCE = "docopt==0.6.2"
			+ " --hash=sha256:49b3a825280bd66b3aa83585ef59c4a8c82f2c8a522dbe754a8bc8d08c85c491\n";

	private static final String EVERY = "--reprise.built-environments.every=50ms";

	@TempDir
	private Path cache;

	@TempDir
	private Path data;

	@Test
	void whatIsThereAsSourceAloneIsBuiltOnlyWhereTheOperatorAllowsThat() throws IOException, InterruptedException {
		Map<String, String> code = Map.of("requirements.txt", SOURCE, "train.py",
				"import docopt\nopen('out.txt', 'w').write(docopt.__version__)");
		ServiceProcess wheels = start();
		try {
			JsonNode ended = wheels.client().ended(wheels.client().submit(SPEC, code));
			assertThat(ended.path("failure").path("kind").asString()).as(ended.toPrettyString())
				.isEqualTo("ENVIRONMENT");
			assertThat(ended.path("failure").path("message").asString())
				.startsWith("uv could not build its environment: error: ")
				.contains("docopt==0.6.2 has no usable wheels");
			assertThat(LockedEnvironmentTests.environments(this.cache)).isEmpty();
		}
		finally {
			wheels.stop();
		}
		ServiceProcess sources = start("--reprise.built-environments.source-builds=true");
		try {
			String run = sources.client().succeeded(SPEC, code);
			assertThat(sources.client().text("/runs/" + run + "/artifacts/out.txt")).isEqualTo("0.6.2");
			JsonNode packages = sources.client()
				.get("/runs/" + run + "/environment")
				.path("environment")
				.path("packages");
			assertThat(packages.propertyNames()).containsExactly("docopt");
			try (Stream<Path> left = Files.list(this.cache.resolve("locked-environments"))) {
				assertThat(left.map((path) -> path.getFileName().toString()))
					.noneMatch((name) -> name.startsWith("staging-"));
			}
		}
		finally {
			sources.stop();
		}
	}

	/**
	 * Three environments of equal packages, told apart by a comment in their locks, and
	 * room for two; then for none.
	 */
	@Test
	void theLongestUnusedGoWhereAllAreTooLargeButNoneThatARunWaitsForOrHolds()
			throws IOException, InterruptedException {
		Built longest;
		Built second;
		Built last;
		ServiceProcess builds = start();
		try {
			longest = built(builds.client(), "# one\n");
			second = built(builds.client(), "# two\n");
			last = built(builds.client(), "# three\n");
		}
		finally {
			builds.stop();
		}
		assertThat(keys()).containsExactlyInAnyOrder(longest.key(), second.key(), last.key());

		String size = Long.toString(longest.bytes() + second.bytes() + last.bytes() - 1);
		ServiceProcess small = start(EVERY, "--reprise.built-environments.size=" + size + "B",
				"--reprise.capacity.cpus=1", "--reprise.drain=100ms");
		String holds;
		String waits;
		try {
			Await.until(Duration.ofSeconds(30), () -> Optional.of(!keys().contains(longest.key())));
			assertThat(keys()).containsExactlyInAnyOrder(second.key(), last.key());
			holds = small.client().submit(SPEC, code("# three\n", "import time\ntime.sleep(600)"));
			waits = small.client().submit(SPEC, code("# two\n", "open('out.txt', 'w').write('x')"));
			running(small.client(), holds);
		}
		finally {
			small.stop();
		}

		ServiceProcess none = start(EVERY, "--reprise.built-environments.size=0B", "--reprise.capacity.cpus=1");
		try {
			running(none.client(), holds);
			none.client().post("/runs/" + holds + "/cancel", "", 202);
			assertThat(environment(none.client().ended(holds))).isEqualTo(last.environment());
			assertThat(environment(none.client().ended(waits))).isEqualTo(second.environment());
			Path packages = this.cache.resolve("locked-environments/staging/uv");
			Await.until(Duration.ofSeconds(30), () -> Optional.of(keys().isEmpty() && !Files.exists(packages)));
		}
		finally {
			none.stop();
		}
	}

	private ServiceProcess start(String... more) throws IOException, InterruptedException {
		return ServiceProcess.start(this.data, LockedEnvironmentTests.options(this.cache, more));
	}

	private static void running(Client client, String run) throws InterruptedException {
		Await.until(Duration.ofMinutes(1),
				() -> Optional.of(client.get("/runs/" + run).path("state").asString().equals("RUNNING")));
	}

	private Built built(Client client, String comment) throws IOException, InterruptedException {
		String run = client.succeeded(SPEC, code(comment, "open('out.txt', 'w').write('x')"));
		JsonNode environment = environment(client.get("/runs/" + run));
		Path mark = this.cache.resolve("locked-environments")
			.resolve(environment.path("key").asString())
			.resolve("reprise-complete.json");
		return new Built(environment, JsonMapper.shared().readTree(mark).path("bytes").asLong());
	}

	private static Map<String, String> code(String comment, String program) throws IOException {
		return Map.of("requirements.txt", comment + LockedEnvironmentTests.lock("six"), "train.py", program);
	}

	/**
	 * That of its latest attempt.
	 */
	private static JsonNode environment(JsonNode run) {
		JsonNode attempts = run.path("attempts");
		return attempts.get(attempts.size() - 1).path("environment");
	}

	private List<String> keys() throws IOException {
		return LockedEnvironmentTests.environments(this.cache)
			.stream()
			.map((path) -> path.getFileName().toString())
			.toList();
	}

	/**
	 * An environment that was built.
	 *
	 * @param environment as an attempt says
	 * @param bytes of its files
	 */
	private record Built(JsonNode environment, long bytes) {

		String key() {
			return this.environment.path("key").asString();
		}

	}

}
