package dev.reprise.acceptance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The examples, unmodified, in strict mode: replays give the same bits, other seeds do
 * not, and the summary says why.
 */
class ExamplesTests {

	@TempDir
	static Path data;

	static ServiceProcess service;

	static Client client;

	@BeforeAll
	static void start() throws IOException, InterruptedException {
		service = ServiceProcess.start(data);
		client = service.client();
	}

	@AfterAll
	static void stop() throws IOException, InterruptedException {
		service.stop();
	}

	@Test
	void digitsIsIdenticalThreeTimesAndDifferentWithAnotherSeed() throws IOException, InterruptedException {
		Map<String, String> code = Map.of("cnn.py", example("digits/cnn.py"));
		String original = client.succeeded(strict(42, "cnn.py", "[\"--epochs\", \"3\"]"), code);
		for (int i = 0; i < 3; i++) {
			JsonNode diff = client.replayed(original);
			assertThat(diff.path("verdict").asString()).as(diff.toPrettyString()).isEqualTo("IDENTICAL");
			assertThat(diff.path("coverage").path("trace").asString()).isEqualTo("present");
			assertThat(diff.path("coverage").path("steps").asLong()).isPositive();
			assertThat(diff.path("coverage").path("outputs").asInt()).isEqualTo(3);
			assertThat(diff.path("coverage").path("tensors").asInt()).isPositive();
		}
		String other = client.succeeded(strict(43, "cnn.py", "[\"--epochs\", \"3\"]"), code);
		JsonNode diff = client.diff(original, other);
		assertThat(diff.path("verdict").asString()).isEqualTo("DIFFERENT");
		assertThat(diff.path("divergence").path("step").asLong()).isZero();
		JsonNode tensor = tensors(diff, "model.safetensors").get(0);
		assertThat(tensor.path("different").asLong()).isPositive();
		assertThat(tensor.path("maxAbs").asDouble()).isPositive();
		assertThat(tensor.path("maxUlp").asLong()).isPositive();
		assertThat(diff.path("causes").toString()).contains("seed");
	}

	@Test
	void namesIsIdenticalThreeTimesAndDifferentWithAnotherSeed() throws IOException, InterruptedException {
		Map<String, String> code = new TreeMap<>(
				Map.of("train.py", example("names/train.py"), "names.txt", example("names/names.txt")));
		String original = client.succeeded(strict(7, "train.py", "[\"--epochs\", \"1\", \"--steps\", \"60\"]"), code);
		for (int i = 0; i < 3; i++) {
			JsonNode diff = client.replayed(original);
			assertThat(diff.path("verdict").asString()).as(diff.toPrettyString()).isEqualTo("IDENTICAL");
		}
		JsonNode diff = client.diff(original,
				client.succeeded(strict(8, "train.py", "[\"--epochs\", \"1\", \"--steps\", \"60\"]"), code));
		assertThat(diff.path("verdict").asString()).isEqualTo("DIFFERENT");
		assertThat(tensors(diff, "model.safetensors").size()).isPositive();
	}

	@Test
	void aChangedCommentIsIdenticalAlthoughTheCodeChanged() throws IOException, InterruptedException {
		String program = example("digits/train.py");
		String left = client.succeeded(strict(42, "train.py", "[\"--epochs\", \"1\"]"), Map.of("train.py", program));
		String right = client.succeeded(strict(42, "train.py", "[\"--epochs\", \"1\"]"),
				Map.of("train.py", program + "\n# A comment that was not there.\n"));
		JsonNode diff = client.diff(left, right);
		assertThat(diff.path("verdict").asString()).isEqualTo("IDENTICAL");
		assertThat(diff.path("summary").asString()).contains("although code changed").contains("train.py");
	}

	@Test
	void aProgramThatSetsItsOwnSeedIsIdenticalUnderTwoSeedsAndTheSummarySaysWhy()
			throws IOException, InterruptedException {
		String program = """
				import torch
				from safetensors.torch import save_file

				torch.manual_seed(1337)
				save_file({"weight": torch.randn(64)}, "model.safetensors")
				""";
		String left = client.succeeded(strict(1, "train.py", "[]"), Map.of("train.py", program));
		String right = client.succeeded(strict(2, "train.py", "[]"), Map.of("train.py", program));
		JsonNode diff = client.diff(left, right);
		assertThat(diff.path("verdict").asString()).isEqualTo("IDENTICAL");
		assertThat(diff.path("summary").asString()).contains("seed").contains("train.py:4");
		JsonNode item = client.checklist(left, "torch-cpu");
		assertThat(item.path("held").asString()).isEqualTo("no");
		assertThat(item.path("why").asString()).contains("train.py:4");
		String held = client.succeeded(
				strict(1, "train.py", "[]").replace("{\"seed\"", "{\"holdSeed\": true, \"seed\""),
				Map.of("train.py", program));
		assertThat(client.diff(left, held).path("verdict").asString()).isEqualTo("DIFFERENT");
		assertThat(client.checklist(held, "torch-cpu").path("held").asString()).isEqualTo("yes");
	}

	private static JsonNode tensors(JsonNode diff, String path) {
		for (JsonNode result : diff.path("results")) {
			for (JsonNode file : result.path("differences")) {
				if (file.path("path").asString().equals(path)) {
					return file.path("tensors");
				}
			}
		}
		throw new AssertionError("no difference in " + path + ": " + diff.toPrettyString());
	}

	private static String strict(int seed, String entrypoint, String args) {
		return """
				{"seed": %d, "determinism": "strict",
				 "runtime": {"type": "python", "entrypoint": "%s", "args": %s}}""".formatted(seed, entrypoint, args);
	}

	private static String example(String path) throws IOException {
		return Files.readString(Path.of("examples").resolve(path));
	}

}
