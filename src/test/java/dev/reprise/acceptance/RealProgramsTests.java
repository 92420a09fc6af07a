package dev.reprise.acceptance;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

import dev.reprise.artifact.Digest;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Programs that nobody here wrote, unmodified, each run and replayed in strict mode.
 * Those of packages run always, those of repositories with
 * {@code -Dreprise.programs.checkouts=FOLDER}; {@code docs/programs.md} has the table,
 * which {@code -Dreprise.rewrite=true} writes again.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RealProgramsTests {

	private static final @Nullable String CHECKOUTS = System.getProperty("reprise.programs.checkouts");

	private final Map<String, Map<String, String>> made = new LinkedHashMap<>();

	private final Set<String> stored = new HashSet<>();

	private final ProgramResults results = ProgramResults.read();

	private ServiceProcess service;

	private Client client;

	private Path data;

	@BeforeAll
	void start(@TempDir Path folder) throws IOException, InterruptedException {
		this.data = folder;
		this.service = ServiceProcess.start(folder, "--reprise.environments.programs=" + prepared("environment"));
		this.client = this.service.client();
	}

	@AfterAll
	void stop() throws IOException, InterruptedException {
		this.service.stop();
		if (Boolean.getBoolean("reprise.rewrite")) {
			this.results.write();
		}
	}

	static Stream<RealProgram> programs() throws IOException {
		String only = System.getProperty("reprise.programs.only");
		return RealProgram.all()
			.stream()
			.filter((program) -> !program.fetched() || CHECKOUTS != null)
			.filter((program) -> only == null || List.of(only.split(",", -1)).contains(program.name()));
	}

	@ParameterizedTest
	@MethodSource("programs")
	void aProgramThatNobodyHereWroteGivesTheSameAgain(RealProgram program) throws IOException, InterruptedException {
		ObjectNode spec = program.spec().deepCopy();
		spec.put("name", program.name()).put("seed", 42).put("determinism", "strict");
		((ObjectNode) spec.path("runtime")).put("type", "python");
		spec.putObject("environment").put("name", "programs");
		spec.put("code", store(program.code(prepared("sources"), (CHECKOUTS != null) ? Path.of(CHECKOUTS) : null)));
		ObjectNode inputs = spec.putObject("inputs");
		program.text().forEach((path, lines) -> input(inputs, path, store(names(lines))));
		program.files()
			.forEach((path, text) -> input(inputs, path, store((text + "\n").getBytes(StandardCharsets.UTF_8))));
		if (program.made() != null) {
			made(program.made()).forEach((path, digest) -> input(inputs, path, digest));
		}
		String run = this.client.post("/runs", spec.toString(), 201).path("id").asString();
		JsonNode ended = this.client.ended(run);
		assertThat(ended.path("state").asString()).as(() -> ended.toPrettyString() + "\n" + log(run))
			.isEqualTo("SUCCEEDED");
		try (Stream<Path> records = Files.list(this.data.resolve("runs").resolve(run).resolve("record"))) {
			assertThat(records.count()).as("processes that left a record").isGreaterThan(program.processes());
		}
		JsonNode diff = this.client.replayed(run);
		List<String> differing = ProgramResults.differing(diff);
		assertThat(diff.path("verdict").asString()).as(diff.toPrettyString()).isEqualTo(program.verdict());
		assertThat(differing).as(diff.toPrettyString()).allMatch(program::mayDiffer);
		assertThat(diff.path("coverage").path("bytes").asLong()).isPositive();
		this.results.put(program, ended, this.client.get("/runs/" + diff.path("right").asString()), diff);
	}

	private static Path prepared(String what) {
		String folder = System.getProperty("reprise.programs." + what);
		if (folder == null) {
			throw new IllegalStateException("run the tests through ./reprise test, which prepares the programs; or give"
					+ " -Dreprise.programs.environment= and -Dreprise.programs.sources= as docs/programs.md says");
		}
		return Path.of(folder);
	}

	private String log(String run) {
		try {
			return this.client.text("/runs/" + run + "/logs");
		}
		catch (IOException | InterruptedException ex) {
			return ex.toString();
		}
	}

	private String store(byte[] content) {
		String digest = Digest.of(content).value();
		if (this.stored.add(digest)) {
			try {
				this.client.put("/blobs/" + digest, content);
			}
			catch (IOException | InterruptedException ex) {
				throw new IllegalStateException(ex);
			}
		}
		return digest;
	}

	private static byte[] names(int lines) {
		try (Stream<String> names = Files.lines(Path.of("examples/names/names.txt"))) {
			return (String.join("\n", names.limit(lines).toList()) + "\n").getBytes(StandardCharsets.UTF_8);
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static void input(ObjectNode inputs, String path, String digest) {
		String name = path.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9.]", "-");
		inputs.putObject(name).put("digest", digest).put("path", path);
	}

	/**
	 * What a file beside the table puts out, as a run of its own.
	 * @return digests by path
	 */
	private Map<String, String> made(String file) throws IOException, InterruptedException {
		Map<String, String> outputs = this.made.get(file);
		if (outputs == null) {
			outputs = new LinkedHashMap<>();
			String run = this.client.succeeded("""
					{"seed": 1, "environment": {"name": "programs"},
					 "runtime": {"type": "python", "entrypoint": "%s"}}""".formatted(file),
					Map.of(file, Files.readString(RealProgram.FOLDER.resolve(file))));
			for (JsonNode output : this.client.get("/runs/" + run + "/artifacts").path("outputs").path("files")) {
				outputs.put(output.path("path").asString(), output.path("digest").asString());
			}
			this.made.put(file, outputs);
		}
		return outputs;
	}

}
