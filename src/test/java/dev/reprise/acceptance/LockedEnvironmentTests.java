package dev.reprise.acceptance;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

import dev.reprise.artifact.Digest;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Environments that a spec names by a lock file, built by uv from the package index.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LockedEnvironmentTests {

	private static final String SPEC = """
			{"seed": 1, "maxAttempts": 2, "environment": {"lock": "requirements.txt"},
			 "runtime": {"type": "python", "entrypoint": "train.py"}}""";

	private static final String SIX = """
			import importlib.util, random, six
			assert importlib.util.find_spec("numpy") is None and importlib.util.find_spec("xxhash") is None
			open("out.txt", "w").write(f"{six.__version__} {random.random()}")
			""";

	private static final String SOURCE_BUILDS = "--reprise.built-environments.source-builds=true";

	private Path cache;

	private ServiceProcess service;

	private Client client;

	@BeforeAll
	void start(@TempDir Path cacheFolder, @TempDir Path data) throws IOException, InterruptedException {
		this.cache = cacheFolder;
		this.service = ServiceProcess.start(data, options(this.cache));
		this.client = this.service.client();
	}

	@AfterAll
	void stop() throws IOException, InterruptedException {
		this.service.stop();
	}

	static String[] options(Path cache, String... more) {
		List<String> options = new ArrayList<>(
				List.of("--reprise.uv=" + ServiceProcess.uv(), "--reprise.cache=" + cache));
		options.addAll(List.of(more));
		return options.toArray(String[]::new);
	}

	static String lock(String name) throws IOException {
		return Files.readString(Path.of("src/test/resources/locks", name + ".txt"));
	}

	@Test
	void itIsBuiltOnceForAllThatAskAtOneTime() throws IOException, InterruptedException {
		List<String> runs = new ArrayList<>();
		for (int i = 0; i < 4; i++) {
			runs.add(this.client.submit(SPEC, Map.of("train.py", SIX, "requirements.txt", lock("six"))));
		}
		List<JsonNode> environments = new ArrayList<>();
		for (String run : runs) {
			JsonNode ended = this.client.ended(run);
			assertThat(ended.path("state").asString()).as(ended.toPrettyString()).isEqualTo("SUCCEEDED");
			assertThat(ended.path("waitsFor").isNull()).isTrue();
			environments.add(ended.path("attempts").get(0).path("environment"));
		}
		assertThat(environments.getFirst().path("builtAt").asString()).isNotBlank();
		assertThat(environments).containsOnly(environments.getFirst());
		assertThat(
				count(this.service.log(), "building the environment " + environments.getFirst().path("key").asString()))
			.isEqualTo(1);
		JsonNode packages = this.client.get("/runs/" + runs.getFirst() + "/environment")
			.path("environment")
			.path("packages");
		assertThat(packages.propertyNames()).containsExactly("six");
		assertThat(this.client.get("/runs/" + runs.getFirst() + "/spec").path("environment").path("lock").asString())
			.isEqualTo(Digest.of(lock("six").getBytes(StandardCharsets.UTF_8)).value());
		JsonNode diff = this.client.replayed(runs.getFirst());
		assertThat(diff.path("verdict").asString()).as(diff.toPrettyString()).isEqualTo("IDENTICAL");
	}

	@Test
	void itIsReadOnlyForTheJobAndUvsCacheIsOutOfItsSight() throws IOException, InterruptedException {
		String run = this.client.succeeded(SPEC, Map.of("requirements.txt", lock("six"), "train.py",
				"""
						import os, pathlib, sys
						import six
						site = pathlib.Path(six.__file__)
						problems = []
						for attempt in (lambda: open(site, "a"), lambda: open(site.parent / "evil.pth", "w"), lambda: os.chmod(site, 0o777),
						                lambda: os.unlink(site), lambda: open(sys.prefix + "/x", "w"), lambda: os.rename(site, str(site) + "x")):
						    try:
						        attempt()
						    except OSError as problem:
						        problems.append(problem.errno)
						assert len(problems) == 6, problems
						print(os.path.exists(pathlib.Path(sys.prefix).parent / "staging"), os.listdir(pathlib.Path(sys.prefix).parent) == [os.path.basename(sys.prefix)])
						"""));
		assertThat(this.client.text("/runs/" + run + "/logs")).isEqualTo("False True\n");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			textBlock = """
					Hash mismatch for `six==1.17.0`      | six==1.17.0 --hash=sha256:0000000000000000000000000000000000000000000000000000000000000000
					there is no version of six==99.0     | six==99.0 --hash=sha256:0000000000000000000000000000000000000000000000000000000000000000
					no-such-package-of-reprise           | no-such-package-of-reprise==1.0 --hash=sha256:0000000000000000000000000000000000000000000000000000000000000000""")
	void whatUvCannotBuildFailsInItsOwnWords(String words, String lock) throws IOException, InterruptedException {
		String run = this.client.submit(SPEC, Map.of("train.py", "print(1)", "requirements.txt", lock));
		JsonNode failure = this.client.ended(run).path("failure");
		assertThat(failure.path("kind").asString()).isEqualTo("ENVIRONMENT");
		assertThat(failure.path("message").asString()).startsWith("uv could not build its environment: error: ")
			.contains(words)
			.doesNotContain(this.cache.toString());
	}

	@Test
	void aLockThatReachesElsewhereIsRefusedWithItsLines() throws IOException, InterruptedException {
		this.client.refused(SPEC, Map.of("train.py", "", "requirements.txt", "six\n-e .\n"), 422);
		this.client.refused(SPEC, Map.of("train.py", "", "other.txt", lock("six")), 422);
	}

	/**
	 * The addresses in these lead nowhere: packages come from where the operator says.
	 */
	@Test
	void locksOfUvAndPylocksAreReadAndTheirAddressesAreNot() throws IOException, InterruptedException {
		String hash = "4721f391ed90541fddacab5acf947aa0d3dc7d27b2e1e8eda2be8970586c3274";
		String uv = """
				version = 1
				revision = 3
				requires-python = ">=3.11"

				[[package]]
				name = "demo"
				version = "0.1.0"
				source = { virtual = "." }
				dependencies = [{ name = "six" }]

				[package.metadata]
				requires-dist = [{ name = "six", specifier = "==1.17.0" }]

				[[package]]
				name = "six"
				version = "1.17.0"
				source = { registry = "https://index.invalid/simple" }
				wheels = [
				    { url = "https://index.invalid/six-1.17.0-py2.py3-none-any.whl", hash = "sha256:%s", size = 11050 },
				]
				""".formatted(hash);
		String pylock = """
				lock-version = "1.0"
				created-by = "a test"

				[[packages]]
				name = "six"
				version = "1.17.0"
				wheels = [{ url = "https://index.invalid/six-1.17.0-py2.py3-none-any.whl", hashes = { sha256 = "%s" } }]
				""".formatted(hash);
		for (Map.Entry<String, String> lock : Map.of("uv.lock", uv, "pylock.toml", pylock).entrySet()) {
			this.client.succeeded(SPEC.replace("requirements.txt", lock.getKey()),
					Map.of("train.py", SIX, lock.getKey(), lock.getValue()));
		}
	}

	/**
	 * Two versions of a package, the same script: the premise names both, the tensors are
	 * compared, and the older is asked for by the digest of an uploaded lock.
	 */
	@Test
	void twoVersionsOfAPackageAreNamedAndTheirTensorsCompared() throws IOException, InterruptedException {
		String script = """
				import numpy
				numpy.save("weights.npy", numpy.random.default_rng(3).normal(size=100) + (numpy.__version__ < "2") * 1e-9)
				""";
		byte[] old = lock("numpy-1").getBytes(StandardCharsets.UTF_8);
		String digest = Digest.of(old).value();
		this.client.put("/blobs/" + digest, old);
		String left = this.client.succeeded(SPEC.replace("requirements.txt", digest), Map.of("train.py", script));
		String right = this.client.succeeded(SPEC, Map.of("train.py", script, "requirements.txt", lock("numpy-2")));
		JsonNode diff = this.client.diff(left, right);
		assertThat(diff.path("verdict").asString()).isEqualTo("DIFFERENT");
		assertThat(diff.findPath("tensors").get(0).path("of").asInt()).as(diff.toPrettyString()).isEqualTo(100);
		JsonNode premise = premise(diff, "environment");
		assertThat(premise.path("same").asBoolean()).isFalse();
		assertThat(premise.path("differences").findValuesAsString("key")).contains("packages.numpy.version",
				"installed", "spec.lock");
	}

	static JsonNode premise(JsonNode diff, String layer) {
		for (JsonNode premise : diff.path("premises")) {
			if (premise.path("layer").asString().equalsIgnoreCase(layer)) {
				return premise;
			}
		}
		throw new AssertionError("no premise " + layer);
	}

	@Test
	void progressIsShownAndABuildThatNobodyWantsAnyMoreIsEnded(@TempDir Path own, @TempDir Path data)
			throws IOException, InterruptedException {
		ServiceProcess other = ServiceProcess.start(data, options(own));
		try {
			Client asked = other.client();
			String run = asked.submit(SPEC, Map.of("train.py", "import numpy", "requirements.txt", lock("numpy-2")));
			String words = building(asked, run);
			assertThat(words).startsWith("uv builds its environment: ");
			assertThat(asked.get("/runs/" + run).path("state").asString()).isEqualTo("STARTING");
			assertThat(asked.get("/workers").path("items").get(0).path("held").get(0).path("waitsFor").asString())
				.startsWith("uv builds its environment: ");
			asked.post("/runs/" + run + "/cancel", "{}", 202);
			assertThat(asked.ended(run).path("state").asString()).isEqualTo("CANCELLED");
			Await.until(Duration.ofSeconds(20),
					() -> Optional.of(environments(own).isEmpty() && staged(own).isEmpty() && left(data).isEmpty()));
			String again = asked.succeeded(SPEC,
					Map.of("train.py", "import numpy", "requirements.txt", lock("numpy-2")));
			assertThat(asked.get("/runs/" + again).path("attempts").size()).isEqualTo(1);
		}
		finally {
			other.stop();
		}
	}

	@Test
	void aServiceThatIsKilledWhileItBuildsLeavesNothingHalfBuilt(@TempDir Path own, @TempDir Path data)
			throws IOException, InterruptedException {
		ServiceProcess first = ServiceProcess.start(data, options(own));
		String run = first.client()
			.submit(SPEC,
					Map.of("train.py", "import numpy\nopen('o', 'w').write('o')", "requirements.txt", lock("numpy-2")));
		building(first.client(), run);
		first.kill();
		assertThat(environments(own)).isEmpty();
		ServiceProcess second = ServiceProcess.start(data, options(own));
		try {
			JsonNode ended = second.client().ended(run);
			assertThat(ended.path("state").asString()).as(ended.toPrettyString()).isEqualTo("SUCCEEDED");
			assertThat(ended.path("attempts").size()).isEqualTo(2);
			assertThat(environments(own)).hasSize(1);
			Await.until(Duration.ofSeconds(10), () -> Optional.of(staged(own).isEmpty() && left(data).isEmpty()));
		}
		finally {
			second.stop();
		}
	}

	/**
	 * Unused ones are removed at once here, and that is looked at all the time.
	 */
	@Test
	void anUnusedOneIsRemovedAndAReplaySaysThatItWasBuiltAnew(@TempDir Path own, @TempDir Path data)
			throws IOException, InterruptedException {
		ServiceProcess other = ServiceProcess.start(data,
				options(own, "--reprise.built-environments.age=0s", "--reprise.built-environments.every=50ms"));
		try {
			Client asked = other.client();
			String run = asked.succeeded(SPEC, Map.of("requirements.txt", lock("six"), "train.py", """
					import sys, time
					end = time.monotonic() + 2
					while time.monotonic() < end:
					    sum(range(1000))
					import six
					open("out.txt", "w").write(six.__version__)
					"""));
			Await.until(Duration.ofSeconds(20), () -> Optional.of(environments(own).isEmpty()));
			JsonNode diff = asked.replayed(run);
			assertThat(diff.path("verdict").asString()).as(diff.toPrettyString()).isEqualTo("IDENTICAL");
			JsonNode premise = premise(diff, "environment");
			assertThat(premise.path("same").asBoolean()).as(premise.toPrettyString()).isTrue();
			assertThat(premise.path("note").asString())
				.isEqualTo("the environment of the left side was gone, and was built"
						+ " anew from its lock for the right side: what is installed is equal");
		}
		finally {
			other.stop();
		}
	}

	/**
	 * Whether packages are built from their sources is part of what an environment is
	 * kept by: with another answer the service would build another.
	 */
	@Test
	void aReplayHasItsOriginalsWhereAnotherWouldBeBuiltTodayAndSaysWhereThatIsGone(@TempDir Path own,
			@TempDir Path data) throws IOException, InterruptedException {
		ServiceProcess first = ServiceProcess.start(data, options(own));
		String run;
		JsonNode environment;
		try {
			run = first.client().succeeded(SPEC, Map.of("requirements.txt", lock("six"), "train.py", SIX));
			environment = environment(first.client(), run);
		}
		finally {
			first.stop();
		}
		ServiceProcess second = ServiceProcess.start(data, options(own, SOURCE_BUILDS));
		try {
			JsonNode diff = second.client().replayed(run);
			assertThat(environment(second.client(), diff.path("right").asString())).isEqualTo(environment);
			assertThat(premise(diff, "environment").hasNonNull("note")).isFalse();
			assertThat(environments(own)).hasSize(1);
		}
		finally {
			second.stop();
		}
		ServiceProcess third = ServiceProcess.start(data, options(own, SOURCE_BUILDS,
				"--reprise.built-environments.age=0s", "--reprise.built-environments.every=50ms"));
		try {
			Await.until(Duration.ofSeconds(20), () -> Optional.of(environments(own).isEmpty()));
			JsonNode diff = third.client().replayed(run);
			assertThat(environment(third.client(), diff.path("right").asString()).path("key"))
				.isNotEqualTo(environment.path("key"));
			assertThat(premise(diff, "environment").path("note").asString()).isEqualTo("the environments were built"
					+ " from one lock, but on another Python or by other rules: what is installed is equal");
		}
		finally {
			third.stop();
		}
	}

	private static JsonNode environment(Client client, String run) throws IOException, InterruptedException {
		return client.get("/runs/" + run).path("attempts").get(0).path("environment");
	}

	@Test
	void whereThereIsNoUvALockIsRefusedWithTheMend(@TempDir Path data) throws IOException, InterruptedException {
		ServiceProcess other = ServiceProcess.start(data, "--reprise.cache=" + this.cache);
		try {
			other.client().refused(SPEC, Map.of("train.py", "", "requirements.txt", lock("six")), 422);
		}
		finally {
			other.stop();
		}
	}

	private static String building(Client client, String run) throws InterruptedException {
		return Await.value(Duration.ofMinutes(1), () -> {
			JsonNode now = client.get("/runs/" + run);
			assertThat(now.path("state").asString()).isIn("QUEUED", "STARTING");
			return Optional.ofNullable(now.path("waitsFor").asString(null)).filter((words) -> words.startsWith("uv "));
		});
	}

	static List<Path> environments(Path cache) throws IOException {
		return list(cache.resolve("locked-environments"), "[0-9a-f]{64}");
	}

	private static List<Path> staged(Path cache) throws IOException {
		return list(cache.resolve("locked-environments/staging"), "[0-9a-f]{64}");
	}

	private static List<Path> left(Path data) throws IOException {
		return list(data.resolve("attempts"), "environment-.*");
	}

	private static List<Path> list(Path folder, String names) throws IOException {
		if (!Files.isDirectory(folder)) {
			return List.of();
		}
		try (Stream<Path> entries = Files.list(folder)) {
			return entries.filter((entry) -> entry.getFileName().toString().matches(names)).toList();
		}
	}

	private static int count(String text, String words) {
		return text.split(java.util.regex.Pattern.quote(words), -1).length - 1;
	}

}
