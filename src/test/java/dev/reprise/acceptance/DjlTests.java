package dev.reprise.acceptance;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

import dev.reprise.artifact.Digest;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Programs with DJL, built without us, as jobs of a service.
 */
class DjlTests extends WithService {

	private final Map<String, String> codes = new HashMap<>();

	@BeforeAll
	void compile(@TempDir Path folder) throws IOException, InterruptedException {
		for (String source : new String[] { "Train", "Ends", "Draws", "Reads", "Loaders", "Optimizers" }) {
			byte[] archive = JavaProgram.archive(folder, source);
			String digest = Digest.of(archive).value();
			this.client.put("/blobs/" + digest, archive);
			this.codes.put(source, digest);
		}
	}

	@Test
	void aProgramThatIsReplayedGivesTheSameBitsAndAnotherSeedOthers() throws IOException, InterruptedException {
		String run = this.client.succeeded(spec("Train", "strict", 42, ""), Map.of());
		JsonNode diff = this.client.replayed(run);
		assertThat(diff.path("verdict").asString()).as(diff.toPrettyString()).isEqualTo("IDENTICAL");
		assertThat(diff.path("coverage").path("outputs").asInt()).isEqualTo(1);
		String other = this.client.succeeded(spec("Train", "strict", 43, ""), Map.of());
		assertThat(this.client.diff(run, other).path("verdict").asString()).isEqualTo("DIFFERENT");
		String off = this.client.succeeded(spec("Train", "off", 42, ""), Map.of());
		String again = this.client.succeeded(spec("Train", "off", 42, ""), Map.of());
		JsonNode without = this.client.diff(off, again);
		assertThat(without.path("verdict").asString()).as(without.toPrettyString()).isEqualTo("DIFFERENT");
		assertThat(weights(off)).isNotEqualTo(weights(again));
		for (JsonNode item : this.client.get("/runs/" + run + "/checklist").path("items")) {
			// Not of the recipe, but of the machine.
			if (!item.path("item").asString().equals("isolation")) {
				assertThat(item.path("held").asString()).as(item.toPrettyString()).isNotEqualTo("no");
			}
		}
		for (String item : new String[] { "jvm-random", "torch-cpu", "deterministic-algorithms", "hash-seed", "threads",
				"data-loaders", "process-environment" }) {
			JsonNode line = this.client.checklist(run, item);
			assertThat(line.path("held").asString()).as(line.toPrettyString()).isEqualTo("yes");
		}
	}

	private byte[] weights(String run) throws IOException, InterruptedException {
		return this.client.bytes("/runs/" + run + "/artifacts/model/mlp-0000.params");
	}

	@Test
	void javasOwnRandomnessIsPinned() throws IOException, InterruptedException {
		String seeded = "\"random\", \"shuffle\", \"reference\", \"splittable\", \"shuffles\"";
		String drawn = seeded + ", \"set\", \"map\", \"identity\"";
		String one = this.client.succeeded(spec("Draws", "strict", 42, drawn), Map.of());
		String other = this.client.succeeded(spec("Draws", "strict", 42, drawn), Map.of());
		JsonNode same = this.client.diff(one, other);
		assertThat(same.path("verdict").asString()).as(same.toPrettyString()).isEqualTo("IDENTICAL");
		String seed = this.client.succeeded(spec("Draws", "strict", 43, drawn), Map.of());
		String off = this.client.succeeded(spec("Draws", "off", 42, drawn), Map.of());
		String again = this.client.succeeded(spec("Draws", "off", 42, drawn), Map.of());
		assertThat(this.client.diff(off, again).path("verdict").asString()).isEqualTo("DIFFERENT");
		JsonNode item = this.client.checklist(one, "jvm-random");
		assertThat(item.path("held").asString()).as(item.toPrettyString()).isEqualTo("yes");
		Map<String, String> held = drawn(one);
		Map<String, String> others = drawn(seed);
		Map<String, String> left = drawn(off);
		Map<String, String> leftAgain = drawn(again);
		assertThat(held).hasSize(8);
		held.forEach((what, value) -> {
			boolean decided = seeded.contains("\"" + what + "\"");
			assertThat(value.equals(others.get(what))).as("another seed, the same %s", what).isEqualTo(!decided);
			if (decided) {
				assertThat(leftAgain.get(what)).as("%s without the recipe", what).isNotEqualTo(left.get(what));
			}
		});
	}

	/**
	 * What a run of {@code Draws} drew, by its kind.
	 */
	private Map<String, String> drawn(String run) throws IOException, InterruptedException {
		return this.client.text("/runs/" + run + "/artifacts/draws.txt")
			.lines()
			.map((line) -> line.split(" ", 2))
			.collect(Collectors.toMap((line) -> line[0], (line) -> line[1]));
	}

	@Test
	void whatNoSeedDecidesIsReportedWithItsPlace() throws IOException, InterruptedException {
		List<String> expected = new ArrayList<>();
		List<String> lines = JavaProgram.text("Reads").lines().toList();
		for (int i = 0; i < lines.size(); i++) {
			String[] parts = lines.get(i).split("; // ", 2);
			if (parts.length == 2) {
				expected.add(parts[1] + " at org/example/Reads.java:" + (i + 1));
			}
		}
		assertThat(expected).hasSize(23);
		String strict = this.client.succeeded(spec("Reads", "strict", 42, ""), Map.of());
		assertThat(sources(strict)).containsExactlyInAnyOrderElementsOf(expected);
		JsonNode item = this.client.checklist(strict, "jvm-random");
		assertThat(item.path("held").asString()).as(item.toPrettyString()).isEqualTo("no");
		assertThat(item.path("why").asString()).isEqualTo("jvm.Random.seed was \"unseeded\" at the end, not 42: "
				+ expected.getLast() + " could not be given one.");
		assertThat(sources(this.client.succeeded(spec("Reads", "off", 42, ""), Map.of()))).containsAll(expected)
			.contains("new Random at org/example/Reads.java:" + (lines.indexOf("        read.add(new Random());") + 1))
			.hasSize(expected.size() + 1);
	}

	/**
	 * What a run read once at each place.
	 */
	private List<String> sources(String run) throws IOException, InterruptedException {
		List<String> sources = new ArrayList<>();
		for (JsonNode source : JsonMapper.shared()
			.readTree(Objects.requireNonNull(this.client.record(run).get("record/main/observed.json")))
			.path("sources")) {
			assertThat(source.path("count").asInt()).as(source.toPrettyString()).isEqualTo(1);
			sources.add(source.path("call").asString() + " at " + source.path("place").asString());
		}
		return sources;
	}

	@Test
	void twoLoadersWithARandomTransformGiveTheSameBitsWithTheRecipeAndOthersWithoutIt()
			throws IOException, InterruptedException {
		String one = this.client.succeeded(spec("Loaders", "strict", 42, "\"7\""), Map.of());
		String other = this.client.succeeded(spec("Loaders", "strict", 42, "\"7\""), Map.of());
		JsonNode same = this.client.diff(one, other);
		assertThat(same.path("verdict").asString()).as(same.toPrettyString()).isEqualTo("IDENTICAL");
		JsonNode seed = this.client.checklist(one, "torch-cpu");
		assertThat(seed.path("held").asString()).isEqualTo("no");
		assertThat(seed.path("why").asString()).contains("org/example/Loaders.java")
			.contains("Engine.setRandomSeed(7)");
		String off = this.client.succeeded(spec("Loaders", "off", 42, "\"7\""), Map.of());
		String again = this.client.succeeded(spec("Loaders", "off", 42, "\"7\""), Map.of());
		assertThat(this.client.diff(off, again).path("verdict").asString()).isEqualTo("DIFFERENT");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			sgd   | momentumStates, updateCounts
			adam  | means, updateCounts, variances
			adamw | means, updateCounts, variances
			own   | velocities
			""")
	void theTraceHasEachModelByItsNamesAndTheStateOfEachOptimizer(String optimizer, String fields)
			throws IOException, InterruptedException {
		String run = this.client.succeeded(spec("Optimizers", "strict", 42, "\"" + optimizer + "\""), Map.of());
		JsonNode trace = this.client.get("/runs/" + run + "/trace");
		JsonNode process = trace.path("processes").get(0);
		assertThat(process.path("state").asString()).as(process.toPrettyString()).isEqualTo("whole");
		assertThat(process.path("rows").asInt()).isEqualTo(8);
		// Both models were made anew in between, and a new column begins a new file.
		assertThat(process.path("segments").asInt()).isEqualTo(2);
		for (int step = 0; step < 8; step++) {
			String model = (step % 2 == 0) ? "" : "#2.";
			Map<String, String> row = row(trace, step);
			for (String parameter : new String[] { "01Linear_weight", "01Linear_bias" }) {
				String name = model + parameter;
				assertThat(row).containsEntry("accumulated " + name, row.get("gradient " + name))
					.containsKey("parameter " + name)
					.doesNotContainValue("unread");
				String state = "optimizer " + name + ".";
				assertThat(row.keySet()
					.stream()
					.filter((column) -> column.startsWith(state))
					.map((column) -> column.substring(state.length()))
					.sorted()
					.collect(Collectors.joining(", "))).isEqualTo(fields);
			}
			assertThat(row.keySet()).contains("batch " + model, "output " + model + "01Linear", "output " + model)
				.noneMatch((column) -> column.contains((model.isEmpty() ? " #2." : " 01")) || column.contains("#3."));
		}
		assertThat(row(trace, 0)).containsKey("optimizer 01Linear_weight." + fields.split(",", -1)[0])
			.doesNotContainEntry("optimizer 01Linear_weight." + fields.split(",", -1)[0],
					row(trace, 2).getOrDefault("optimizer 01Linear_weight." + fields.split(",", -1)[0], "absent"));
	}

	@Test
	void anOptimizerThatIsNotUnderstoodIsSaid() throws IOException, InterruptedException {
		String run = this.client.succeeded(spec("Optimizers", "strict", 42, "\"own-list\""), Map.of());
		JsonNode process = this.client.get("/runs/" + run + "/trace").path("processes").get(0);
		assertThat(process.path("state").asString()).isEqualTo("incomplete");
		assertThat(process.path("rows").asInt()).isEqualTo(8);
		assertThat(process.path("why").toString())
			.contains("what org.example.Optimizers$Own keeps in kept, a java.util.ArrayList");
	}

	/**
	 * The values of a step that are not absent, by kind and name.
	 */
	private static Map<String, String> row(JsonNode trace, int step) {
		Map<String, String> row = new LinkedHashMap<>();
		for (JsonNode column : trace.path("items").get(step).path("columns")) {
			if (!column.path("value").asString().equals("absent")) {
				row.put(column.path("kind").asString() + " " + column.path("name").asString(),
						column.path("value").asString());
			}
		}
		return row;
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			"exit", "3"   | EXIT    | 3  | returned 3
			"initializer" | EXIT    | 1  | java.lang.NumberFormatException
			"attach"      | EXIT    | 1  | no agent was attached
			"threads"     | TIMEOUT |    |
			""")
	void howeverAProgramEndsItIsContainedAndSaid(String args, String kind, @Nullable Integer code,
			@Nullable String said) throws IOException, InterruptedException {
		String run = this.client
			.submit(spec("Ends", "strict", 1, args).replace("\"seed\"", "\"timeout\": \"PT60S\", \"seed\""), Map.of());
		JsonNode failure = this.client.ended(run).path("failure");
		assertThat(failure.path("kind").asString()).as(failure.toPrettyString()).isEqualTo(kind);
		if (code != null) {
			assertThat(failure.path("exitCode").asInt()).isEqualTo(code);
		}
		assertThat(failure.path("message").asString()).contains((said != null) ? said : "");
	}

	@Test
	void aTrainerThatShipsNeedsNoCodeAndWritesWhatPyTorchReads(@TempDir Path folder)
			throws IOException, InterruptedException {
		String run = trained("{\"type\": \"djl\", \"trainer\": \"char-lm\", \"parameters\": {\"steps\": 40}}");
		JsonNode spec = this.client.get("/runs/" + run + "/spec").path("runtime");
		assertThat(spec.path("parameters").path("steps").asInt()).isEqualTo(40);
		assertThat(spec.path("parameters").path("hidden").asInt()).isEqualTo(128);
		assertThat(this.client.replayed(run).path("verdict").asString()).isEqualTo("IDENTICAL");
		Path file = folder.resolve("model.safetensors");
		Files.write(file, this.client.bytes("/runs/" + run + "/artifacts/model.safetensors"));
		Process python = new ProcessBuilder(ServiceProcess.environment().resolve("bin/python").toString(), "-c",
				"import sys; from safetensors.torch import load_file; print([(k, tuple(v.shape), str(v.dtype)) for k, v in load_file(sys.argv[1]).items()])",
				file.toString())
			.redirectErrorStream(true)
			.start();
		String said = new String(python.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
		assertThat(said).contains("('01Linear_weight', (16, 27), 'torch.float32')")
			.contains("('05Linear_weight', (27, 128), 'torch.float32')");
		trained("{\"type\": \"djl\", \"trainer\": \"cnn\", \"parameters\": {\"epochs\": 1}}");
	}

	@Test
	void aTrainerTrainsOnTheFileThatItIsGiven() throws IOException, InterruptedException {
		String names = "{\"type\": \"djl\", \"trainer\": \"char-lm\", \"parameters\": {\"steps\": 5}}";
		byte[] shipped = model(trained(names));
		assertThat(model(trained(names, data(Path.of("examples/names/names.txt"), Integer.MAX_VALUE))))
			.isEqualTo(shipped);
		assertThat(model(trained(names, data(Path.of("examples/names/names.txt"), 500)))).isNotEqualTo(shipped);
		String digits = "{\"type\": \"djl\", \"trainer\": \"mlp\", \"parameters\": {\"epochs\": 1}}";
		assertThat(model(trained(digits, data(Path.of("examples/digits/digits.csv"), 500))))
			.isNotEqualTo(model(trained(digits)));
	}

	private byte[] model(String run) throws IOException, InterruptedException {
		return this.client.bytes("/runs/" + run + "/artifacts/model.safetensors");
	}

	/**
	 * The first lines of a file, as the input of a trainer.
	 */
	private String data(Path file, int lines) throws IOException, InterruptedException {
		return "{\"data\": {\"digest\": \"" + stored(Files.readAllLines(file)
			.stream()
			.limit(lines)
			.map((line) -> line + "\n")
			.collect(Collectors.joining())
			.getBytes(StandardCharsets.UTF_8)) + "\"}}";
	}

	private Digest stored(byte[] blob) throws IOException, InterruptedException {
		Digest digest = Digest.of(blob);
		this.client.put("/blobs/" + digest, blob);
		return digest;
	}

	@Test
	void anInputThatATrainerWouldNotReadIsRefusedWithTheMend() throws IOException, InterruptedException {
		byte[] names = "ada\nemil\n".getBytes(StandardCharsets.UTF_8);
		Digest file = stored(names);
		Digest tree = stored(("644 " + names.length + " " + file + " names.txt\0").getBytes(StandardCharsets.UTF_8));
		String problem = this.client.post("/runs", """
				{"inputs": {"names": {"digest": "%s"}, "data": {"digest": "%s"}},
				 "runtime": {"type": "djl", "trainer": "char-lm"}}""".formatted(file, tree), 422).toString();
		assertThat(problem).contains("$.inputs['names']", "is read by no trainer", "name it data")
			.contains("$.inputs['data'].digest", "is a tree of files", "give the digest of the file");
		// A program of one's own reads what it likes.
		this.client.submit(spec("Train", "strict", 1, "\"1\"").replace("\"seed\"",
				"\"inputs\": {\"names\": {\"digest\": \"" + tree + "\"}}, \"seed\""), Map.of());
	}

	private String trained(String runtime) throws IOException, InterruptedException {
		return trained(runtime, "{}");
	}

	private String trained(String runtime, String inputs) throws IOException, InterruptedException {
		String run = this.client
			.post("/runs", "{\"seed\": 42, \"inputs\": " + inputs + ", \"runtime\": " + runtime + "}", 201)
			.path("id")
			.asString();
		JsonNode ended = this.client.ended(run);
		assertThat(ended.path("state").asString()).as(ended.toPrettyString()).isEqualTo("SUCCEEDED");
		return run;
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			textBlock = """
					{"type": "djl"}                                                                  | main is missing
					{"type": "djl", "main": "org.example.Train", "trainer": "mlp"}                   | is not the only form
					{"type": "djl", "trainer": "gpt"}                                                | give one of mlp, cnn, char-lm
					{"type": "djl", "trainer": "mlp", "parameters": {"epochs": 0}}                   | is not between 1 and 1000
					{"type": "djl", "trainer": "mlp", "parameters": {"dropout": 1}}                  | give a number from 0.0 to 0.9
					{"type": "djl", "trainer": "mlp", "parameters": {"layers": 3}}                   | is no field that is known
					{"type": "djl", "trainer": "mlp", "args": []}                                    | does not go with a trainer
					""")
	void aRuntimeThatIsNotUnderstoodIsRefusedWithTheMend(String runtime, String said)
			throws IOException, InterruptedException {
		JsonNode problem = this.client.post("/runs",
				"{\"runtime\": " + runtime + ", \"code\": \"" + this.codes.get("Train") + "\"}", 422);
		assertThat(problem.toString().replace("$.runtime.main\",\"problem\":\"", "main ")).contains(said);
	}

	@Test
	void anotherDjlAndAClassThatIsNotThereAndGpusAreRefused() throws IOException, InterruptedException {
		byte[] old = JavaProgram.zip(List.of(new JavaProgram.Entry("lib/fat.jar", JavaProgram.zip(List.of(
				new JavaProgram.Entry("ai/djl/engine/api.properties",
						"djl_version=0.27.0\n".getBytes(StandardCharsets.UTF_8)),
				new JavaProgram.Entry("META-INF/MANIFEST.MF",
						"Manifest-Version: 1.0\nMain-Class: org.example.Real\n".getBytes(StandardCharsets.UTF_8)))))));
		String digest = Digest.of(old).value();
		this.client.put("/blobs/" + digest, old);
		String problem = this.client.post("/runs", """
				{"code": "%s", "runtime": {"type": "djl", "main": "org.example.Train"}}""".formatted(digest), 422)
			.toString();
		assertThat(problem).contains("brings DJL 0.27.0 in lib/fat.jar")
			.contains("is no class of the code")
			.contains("org.example.Real");
		assertThat(this.client.post("/runs", """
				{"resources": {"gpus": 1}, "runtime": {"type": "djl", "trainer": "mlp"}}""", 422).toString())
			.contains("pytorch-native-cu128");
	}

	@Test
	void aModuleOfAnotherDjlIsRefusedByItsManifest() throws IOException, InterruptedException {
		assertThat(submitted("basicdataset", "0.27.0", 422)).contains("brings DJL 0.27.0 in lib/module.jar")
			.contains("build it against DJL 0.35.1");
		assertThat(submitted("pytorch_jni", "2.5.1-0.33.0", 422)).contains("brings DJL 2.5.1-0.33.0");
		submitted("basicdataset", "0.35.1", 201);
		submitted("pytorch_jni", "2.7.1-0.35.1", 201);
	}

	/**
	 * The answer to a program that has a jar with a manifest as DJL's build writes it.
	 */
	private String submitted(String module, String version, int status) throws IOException, InterruptedException {
		byte[] jar = JavaProgram.zip(List
			.of(new JavaProgram.Entry("META-INF/MANIFEST.MF", ("Manifest-Version: 1.0\nAutomatic-Module-Name: ai.djl."
					+ module + "\nSpecification-Version: " + version + "\n")
				.getBytes(StandardCharsets.UTF_8))));
		Digest code = stored(JavaProgram.zip(List.of(new JavaProgram.Entry("lib/module.jar", jar),
				new JavaProgram.Entry("org/example/Train.class", new byte[0]))));
		return this.client.post("/runs", """
				{"code": "%s", "runtime": {"type": "djl", "main": "org.example.Train"}}""".formatted(code), status)
			.toString();
	}

	@Test
	void aProgramOfSeveralJarsMayBringDjlAlongAndOursIsUsed(@TempDir Path folder)
			throws IOException, InterruptedException {
		List<JavaProgram.Entry> fat = new ArrayList<>();
		List<JavaProgram.Entry> helper = new ArrayList<>();
		for (JavaProgram.Entry entry : JavaProgram.entries(JavaProgram.jar(folder, "Helped", "Helper"))) {
			(entry.name().contains("Helper") ? helper : fat).add(entry);
		}
		byte[] api = Files.readAllBytes(JavaProgram.djl().resolve("lib/api-0.35.1.jar"));
		byte[] engine = Files.readAllBytes(JavaProgram.djl().resolve("lib/pytorch-engine-0.35.1.jar"));
		fat.addAll(JavaProgram.entries(engine));
		this.codes.put("Helped",
				stored(JavaProgram.zip(List.of(new JavaProgram.Entry("app.jar", JavaProgram.zip(fat)),
						new JavaProgram.Entry("lib/api-0.35.1.jar", api),
						new JavaProgram.Entry("lib/helper.jar", JavaProgram.zip(helper)))))
					.value());
		String run = this.client.succeeded(spec("Helped", "strict", 42, ""), Map.of());
		assertThat(this.client.text("/runs/" + run + "/logs")).contains("Helper of /workspace/work/lib/helper.jar")
			.containsPattern("NDManager of /(?!workspace)")
			.containsPattern("PtEngine of /(?!workspace)");
		assertThat(this.client.checklist(run, "torch-cpu").path("held").asString()).isEqualTo("yes");
		assertThat(this.client.replayed(run).path("verdict").asString()).isEqualTo("IDENTICAL");
	}

	private String spec(String main, String mode, int seed, String args) {
		return """
				{"seed": %d, "determinism": "%s", "code": "%s", "resources": {"memory": "2GiB"},
				 "runtime": {"type": "djl", "main": "org.example.%s", "args": [%s]}}""".formatted(seed, mode,
				this.codes.get(main), main, args);
	}

}
