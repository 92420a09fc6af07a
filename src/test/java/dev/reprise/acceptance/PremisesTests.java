package dev.reprise.acceptance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import dev.reprise.artifact.Digest;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What a diff says of what went in, and of names that carry a time, through the service:
 * its own records of real runs, in environments that an operator prepared.
 */
class PremisesTests {

	private static final String SPEC = """
			{"seed": 1, "determinism": "strict", "environment": {"name": "%s"},
			 "runtime": {"type": "python", "entrypoint": "train.py"}}""";

	private static final String PROGRAM = """
			import tiny
			with open("out.txt", "w") as file:
			    file.write("fixed")
			""";

	@TempDir
	static Path folder;

	static ServiceProcess service;

	static Client client;

	@BeforeAll
	static void start() throws Exception {
		Path installed = environment("installed", "1.0", "value = 1\n");
		Path edited = environment("edited", "1.0", "value = 1\n");
		Files.writeString(packages(edited).resolve("tiny.py"), "value = 22\n");
		Path otherFiles = environment("other-files", "1.0", "value = 3\n");
		Path newer = environment("newer", "1.1", "value = 1\n");
		service = ServiceProcess.start(folder.resolve("data"), "--reprise.environments.installed=" + installed,
				"--reprise.environments.edited=" + edited, "--reprise.environments.other-files=" + otherFiles,
				"--reprise.environments.newer=" + newer);
		client = service.client();
	}

	@AfterAll
	static void stop() throws IOException, InterruptedException {
		if (service != null) {
			service.stop();
		}
	}

	/**
	 * The default environment's packages, linked, with one more, as an installer would
	 * leave it.
	 */
	private static Path environment(String name, String version, String module) throws Exception {
		Path base = ServiceProcess.environment();
		Path made = folder.resolve(name);
		try (Stream<Path> files = Files.walk(base)) {
			for (Path file : (Iterable<Path>) files::iterator) {
				Path target = made.resolve(base.relativize(file).toString());
				if (Files.isSymbolicLink(file)) {
					Files.createSymbolicLink(target, Files.readSymbolicLink(file));
				}
				else if (Files.isDirectory(file)) {
					Files.createDirectories(target);
				}
				else {
					linkOrCopy(target, file);
				}
			}
		}
		Path packages = packages(made);
		Files.writeString(packages.resolve("tiny.py"), module);
		byte[] digest = MessageDigest.getInstance("SHA-256").digest(module.getBytes(StandardCharsets.UTF_8));
		Path info = Files.createDirectory(packages.resolve("tiny-" + version + ".dist-info"));
		Files.writeString(info.resolve("METADATA"), "Name: tiny\nVersion: " + version + "\n");
		Files.writeString(info.resolve("RECORD"), "tiny.py,sha256="
				+ Base64.getUrlEncoder().withoutPadding().encodeToString(digest) + "," + module.length() + "\n");
		return made;
	}

	private static void linkOrCopy(Path target, Path file) throws IOException {
		try {
			Files.createLink(target, file);
		}
		catch (IOException ex) {
			Files.copy(file, target, java.nio.file.StandardCopyOption.COPY_ATTRIBUTES);
		}
	}

	private static Path packages(Path environment) {
		try (Stream<Path> versions = Files.list(environment.resolve("lib"))) {
			return versions.filter((path) -> path.getFileName().toString().startsWith("python"))
				.findFirst()
				.orElseThrow()
				.resolve("site-packages");
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	@Test
	void aChangeOfTheCodeIsShownAsText() throws Exception {
		Map<String, String> left = Map.of("train.py", PROGRAM, "old.py", "a = 1\n", "data.bin", "a\u0000b");
		Map<String, String> right = Map.of("train.py", PROGRAM + "print('done')\n", "new.py", "b = 1\n", "data.bin",
				"a\u0000cd");
		JsonNode diff = client.diff(client.succeeded(SPEC.formatted("installed"), left),
				client.succeeded(SPEC.formatted("installed"), right));
		assertThat(diff.path("verdict").asString()).as(diff.toPrettyString()).isEqualTo("IDENTICAL");
		assertThat(diff.path("summary").asString()).contains("although code changed");
		JsonNode train = difference(diff, "code", "train.py");
		assertThat(train.path("text").path("firstLine").asInt()).isEqualTo(4);
		assertThat(train.path("text").path("diff").toString()).contains("@@ -1,3 +1,4 @@", "+print('done')");
		assertThat(train.path("left").asString())
			.isEqualTo(Digest.of(PROGRAM.getBytes(StandardCharsets.UTF_8)).value());
		assertThat(difference(diff, "code", "old.py").path("note").asString()).isEqualTo("only on the left, 6 bytes");
		assertThat(difference(diff, "code", "new.py").path("note").asString()).isEqualTo("only on the right, 6 bytes");
		assertThat(difference(diff, "code", "data.bin").path("note").asString())
			.isEqualTo("no text: 3 bytes on the left, 4 bytes on the right");
	}

	@Test
	void aDifferenceOfTheEnvironmentIsSaidPackageByPackage() throws Exception {
		String original = run("installed");
		JsonNode newer = client.diff(original, run("newer"));
		assertThat(newer.path("verdict").asString()).as(newer.toPrettyString()).isEqualTo("IDENTICAL");
		assertThat(difference(newer, "environment", "packages.tiny.version").path("left").asString()).isEqualTo("1.0");
		assertThat(difference(newer, "environment", "packages.tiny.version").path("right").asString()).isEqualTo("1.1");
		assertThat(keys(newer, "environment")).containsExactly("packages.tiny.version", "spec.name");
		JsonNode otherFiles = client.diff(original, run("other-files"));
		assertThat(difference(otherFiles, "environment", "packages.tiny.record").path("note").asString())
			.isEqualTo("version 1.0 on both sides, and other files were installed");
		JsonNode edited = client.diff(original, run("edited"));
		assertThat(edited.path("summary").asString()).contains("packages.tiny.changed.tiny.py");
		JsonNode file = difference(edited, "environment", "packages.tiny.changed.tiny.py");
		assertThat(file.path("right").asString())
			.isEqualTo(Digest.of("value = 22\n".getBytes(StandardCharsets.UTF_8)).value());
		assertThat(file.path("note").asString()).contains("changed after it was installed");
	}

	@Test
	void aNameWithTheTimeOfTheRunIsPairedAndSaid() throws Exception {
		String program = """
				import datetime, os, time, tiny
				now = datetime.datetime.now()
				folder = now.strftime("runs/%b%d_%H-%M-%S_") + os.uname().nodename
				os.makedirs(folder)
				with open(f"{folder}/events.out.tfevents.{int(time.time()):010d}.{os.uname().nodename}.{os.getpid()}.0", "w") as file:
				    file.write("fixed")
				while int(time.time()) == int(now.timestamp()):
				    pass
				""";
		String left = client.succeeded(SPEC.formatted("installed"), Map.of("train.py", program));
		String right = client.succeeded(SPEC.formatted("installed"), Map.of("train.py", program));
		JsonNode diff = client.diff(left, right);
		assertThat(diff.path("verdict").asString()).as(diff.toPrettyString()).isEqualTo("IDENTICAL_EXCEPT");
		assertThat(diff.path("summary").asString()).contains("1 name paired by rule");
		JsonNode excepted = diff.path("results").get(2).path("excepted");
		assertThat(excepted).hasSize(1);
		assertThat(excepted.get(0).path("kind").asString()).isEqualTo("PAIRED_NAME");
		assertThat(excepted.get(0).path("detail").asString()).contains("month-day-time", "tensorboard");
	}

	private static String run(String environment) throws IOException, InterruptedException {
		return client.succeeded(SPEC.formatted(environment), Map.of("train.py", PROGRAM));
	}

	private static JsonNode difference(JsonNode diff, String layer, String key) {
		for (JsonNode difference : layer(diff, layer)) {
			if (difference.path("key").asString().equals(key)) {
				return difference;
			}
		}
		throw new AssertionError("nothing of " + key + " in " + diff.toPrettyString());
	}

	private static List<String> keys(JsonNode diff, String layer) {
		return layer(diff, layer).valueStream().map((difference) -> difference.path("key").asString()).toList();
	}

	private static JsonNode layer(JsonNode diff, String layer) {
		for (JsonNode premise : diff.path("premises")) {
			if (premise.path("layer").asString().equals(layer)) {
				return premise.path("differences");
			}
		}
		throw new AssertionError("no " + layer);
	}

}
