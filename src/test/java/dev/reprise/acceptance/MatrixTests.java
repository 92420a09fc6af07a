package dev.reprise.acceptance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The versions of torch that the harness works with, each through the service: in every
 * run of the tests the newest, that of the default environment; with
 * {@code ./reprise test --matrix} those of {@code src/test/resources/matrix} too, several
 * GB each.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class MatrixTests {

	/**
	 * Trains on a CPU, writes its weights as safetensors without any package, and lets an
	 * operation be refused.
	 */
	private static final String PROGRAM = """
			import json, struct
			import torch

			model = torch.nn.Sequential(torch.nn.Linear(8, 16), torch.nn.ReLU(), torch.nn.Dropout(), torch.nn.Linear(16, 1))
			optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
			for _ in range(5):
			    optimizer.zero_grad()
			    model(torch.randn(32, 8)).pow(2).mean().backward()
			    optimizer.step()
			try:
			    torch.zeros(4).put_(torch.tensor([1]), torch.tensor([2.0]))
			except RuntimeError:
			    print("refused")
			header, body = {}, b""
			for name, value in model.state_dict().items():
			    flat = value.flatten().tolist()
			    header[name] = {"dtype": "F32", "shape": list(value.shape), "data_offsets": [len(body), len(body) + 4 * len(flat)]}
			    body += struct.pack(f"<{len(flat)}f", *flat)
			text = json.dumps(header).encode()
			open("model.safetensors", "wb").write(struct.pack("<Q", len(text)) + text + body)
			""";

	private final Map<String, String> runs = new HashMap<>();

	private ServiceProcess service;

	private Client client;

	@BeforeAll
	void start(@TempDir Path cache, @TempDir Path data) throws IOException, InterruptedException {
		String kept = System.getProperty("reprise.matrix.cache");
		this.service = ServiceProcess.start(data, "--reprise.uv=" + ServiceProcess.uv(),
				"--reprise.cache=" + ((kept != null) ? Path.of(kept) : cache));
		this.client = this.service.client();
	}

	@AfterAll
	void stop() throws IOException, InterruptedException {
		this.service.stop();
	}

	/**
	 * The oldest first, the default environment last.
	 */
	static Stream<String> environments() throws IOException {
		List<String> names = new ArrayList<>();
		if (Boolean.getBoolean("reprise.matrix")) {
			try (Stream<Path> locks = Files.list(Path.of("src/test/resources/matrix"))) {
				locks.map((lock) -> lock.getFileName().toString().replace(".txt", "")).sorted().forEach(names::add);
			}
		}
		names.add("default");
		return names.stream();
	}

	@ParameterizedTest
	@MethodSource("environments")
	void aStrictRunIsRepeatedBitByBit(String environment) throws IOException, InterruptedException {
		Map<String, String> code = new LinkedHashMap<>(Map.of("train.py", PROGRAM));
		String asked = "{\"name\": \"default\"}";
		if (!environment.equals("default")) {
			code.put("lock.txt", Files.readString(Path.of("src/test/resources/matrix", environment + ".txt")));
			asked = "{\"lock\": \"lock.txt\"}";
		}
		String spec = """
				{"seed": %d, "determinism": "strict", "environment": %s,
				 "runtime": {"type": "python", "entrypoint": "train.py"}}""";
		String run = this.client.succeeded(spec.formatted(1, asked), code);
		JsonNode replayed = this.client.replayed(run);
		assertThat(replayed.path("verdict").asString()).as(replayed.toPrettyString()).isEqualTo("IDENTICAL");
		String other = this.client.succeeded(spec.formatted(2, asked), code);
		assertThat(this.client.diff(run, other).path("verdict").asString()).isEqualTo("DIFFERENT");
		assertThat(this.client.get("/runs/" + run + "/operations").toString()).contains("put_", "refused");
		Map<String, String> held = new TreeMap<>();
		this.client.get("/runs/" + run + "/checklist")
			.path("items")
			.forEach((item) -> held.put(item.path("item").asString(), item.path("held").asString()));
		// Not of the recipe, but of the machine: an ordinary user has limits that are
		// soft.
		boolean hard = this.client.get("/runs/" + run).path("softLimits").isEmpty();
		assertThat(held.remove("isolation")).as(environment).isEqualTo(hard ? "yes" : "no");
		assertThat(held.values()).as(environment + " " + held).doesNotContain("no");
		assertThat(held).as(environment).containsEntry("torch-cpu", "yes");
		System.out.println("matrix: " + environment + " " + held);
		compareWithOthers(environment, run);
	}

	/**
	 * The same script in another version of torch: the environment is named as a premise,
	 * and the tensors are compared, whatever they turn out to be.
	 */
	private void compareWithOthers(String environment, String run) throws IOException, InterruptedException {
		for (Map.Entry<String, String> old : this.runs.entrySet()) {
			JsonNode diff = this.client.diff(old.getValue(), run);
			JsonNode premise = LockedEnvironmentTests.premise(diff, "environment");
			assertThat(premise.path("same").asBoolean()).isFalse();
			assertTorchIsNamed(premise, version(old.getKey()), version(environment));
			assertThat(diff.path("coverage").path("tensors").asInt()).as(diff.toPrettyString()).isEqualTo(4);
			assertThat(diff.path("verdict").asString()).isIn("IDENTICAL", "DIFFERENT");
			System.out.println("matrix: " + old.getKey() + " against " + environment + ": " + diff.path("summary"));
		}
		this.runs.put(environment, run);
	}

	private static void assertTorchIsNamed(JsonNode premise, String left, String right) {
		List<String> named = new ArrayList<>();
		for (JsonNode difference : premise.path("differences")) {
			if (difference.path("key").asString().equals("packages.torch.version")) {
				named.add(difference.path("left").asString() + " " + difference.path("right").asString());
			}
		}
		assertThat(named).as(premise.toPrettyString())
			.isEqualTo(left.equals(right) ? List.of() : List.of(left + " " + right));
	}

	private static String version(String environment) throws IOException {
		Path lock = environment.equals("default") ? Path.of("src/main/environment/requirements.txt")
				: Path.of("src/test/resources/matrix", environment + ".txt");
		try (Stream<String> lines = Files.lines(lock)) {
			return lines.filter((line) -> line.startsWith("torch=="))
				.map((line) -> line.substring("torch==".length()).split("[ +;]", 2)[0])
				.findFirst()
				.orElseThrow();
		}
	}

}
