package dev.reprise.acceptance;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

import dev.reprise.artifact.Folders;
import dev.reprise.service.TestDatabase;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The database is lost, and made anew from the copies of its rows: the service answers
 * what it answered before. And one way through it all on each database.
 */
class RebuildTests {

	private static final String WRITES = """
			{"name": "writes", "seed": 7, "labels": {"team": "größe"}, "environment": {"name": "default"},
			 "runtime": {"type": "python", "entrypoint": "train.py"}}""";

	private static final String PROGRAM = """
			import random
			print("training", flush=True)
			open("weights.txt", "w").write(str(random.random()))
			""";

	private static final String ENDLESS = """
			{"name": "endless", "maxAttempts": %d, "resources": {"cpus": 1},
			 "runtime": {"type": "python", "command": ["sleep", "3600"]}}""";

	@TempDir
	Path data;

	@ParameterizedTest
	@EnumSource
	void everyRunReplayAndDiffIsAnsweredAsBefore(TestDatabase database) throws Exception {
		List<String> before = database.options(this.data);
		ServiceProcess first = ServiceProcess.start(this.data, before.toArray(String[]::new));
		Map<String, JsonNode> told;
		String cancelled;
		String waiting;
		String lost;
		String different;
		try {
			Client client = first.client();
			String run = client.succeeded(WRITES, Map.of("train.py", PROGRAM));
			assertThat(client.replayed(run).path("verdict").asString()).isEqualTo("IDENTICAL");
			String failed = client.submit(WRITES, Map.of("train.py", "raise KeyError('größe')"));
			assertThat(client.ended(failed).path("state").asString()).isEqualTo("FAILED");
			JsonNode diff = client.diff(run, failed);
			assertThat(diff.path("verdict").asString()).isEqualTo("DIFFERENT");
			different = diff.path("id").asString();
			lost = client.submit(ENDLESS.formatted(1), Map.of("a", ""));
			Await.until(Duration.ofMinutes(1),
					() -> Optional.of(client.get("/runs/" + lost).path("state").asString().equals("RUNNING")));
			String all = ENDLESS.formatted(1)
				.replace("\"cpus\": 1", "\"cpus\": " + Runtime.getRuntime().availableProcessors());
			waiting = client.submit(all, Map.of("a", ""));
			cancelled = client.submit(all, Map.of("a", ""));
			client.post("/runs/" + cancelled + "/cancel", "", 202);
			told = told(client, different);
			assertThat(told).as("runs, replays and diffs").hasSize(2 * 6 + 1 + 2);
			assertThat(rebuild(before)).as("while a service holds the folder")
				.contains("exit 3", "another Reprise holds");
		}
		finally {
			first.kill();
		}
		List<String> after = lose(database, before);
		assertThat(start(after)).contains("./reprise rebuild");
		assertThat(rebuild(after)).contains("exit 0", "6 runs, 1 replays, 2 diffs");
		ServiceProcess second = ServiceProcess.start(this.data, after.toArray(String[]::new));
		try {
			Map<String, JsonNode> again = told(second.client(), different);
			JsonNode ended = second.client().ended(lost);
			assertThat(ended.path("failure").path("kind").asString()).as("its attempt is known, and not made again")
				.isEqualTo("LOST");
			assertThat(ended.path("attempts").size()).isEqualTo(1);
			for (String meanwhile : List.of(lost, waiting)) {
				told.remove("/runs/" + meanwhile);
				again.remove("/runs/" + meanwhile);
			}
			assertThat(again).isEqualTo(told);
			assertThat(second.client().get("/runs/" + waiting).path("state").asString()).isNotIn("FAILED", "CANCELLED");
			assertThat(second.client().get("/runs/" + cancelled).path("state").asString()).isEqualTo("CANCELLED");
		}
		finally {
			second.stop();
		}
	}

	@Test
	void aCopyThatIsDamagedIsNamedAndTheOthersAreTaken() throws Exception {
		ServiceProcess first = ServiceProcess.start(this.data);
		String run;
		String other;
		try {
			run = first.client().succeeded(WRITES, Map.of("train.py", PROGRAM));
			other = first.client().succeeded(WRITES, Map.of("train.py", PROGRAM));
		}
		finally {
			first.stop();
		}
		Path copy = this.data.resolve("rows/" + run + ".run.json");
		Files.writeString(copy, Files.readString(copy).substring(100));
		Files.writeString(this.data.resolve("rows/7.unfinished"), "half");
		assertThat(rebuild(List.of())).contains("exit 1", "1 runs, 0 replays, 0 diffs", "not read: " + copy,
				"The database before it is kept in " + this.data);
		ServiceProcess second = ServiceProcess.start(this.data);
		try {
			assertThat(second.client().get("/runs").path("items").size()).isEqualTo(1);
			assertThat(second.client().get("/runs/" + other).path("state").asString()).isEqualTo("SUCCEEDED");
			assertThat(second.log()).contains("the database lacks 1 runs of which there are copies");
		}
		finally {
			second.stop();
		}
		assertThat(this.data.resolve("rows/7.unfinished")).doesNotExist();
	}

	@Test
	void copiesThatAreMissingAreWrittenAtTheNextStart() throws Exception {
		ServiceProcess first = ServiceProcess.start(this.data);
		try {
			first.client().replayed(first.client().succeeded(WRITES, Map.of("train.py", PROGRAM)));
		}
		finally {
			first.stop();
		}
		Map<String, String> copies = copies();
		assertThat(copies).hasSize(4);
		Folders.remove(this.data.resolve("rows"));
		ServiceProcess.start(this.data).stop();
		assertThat(copies()).isEqualTo(copies);
	}

	@Test
	void withoutCopiesNothingIsDone() throws Exception {
		assertThat(rebuild(List.of())).contains("exit 3", "nothing to rebuild from");
		assertThat(this.data).isEmptyDirectory();
	}

	private Map<String, String> copies() throws IOException {
		Map<String, String> copies = new TreeMap<>();
		try (DirectoryStream<Path> files = Files.newDirectoryStream(this.data.resolve("rows"), "*.json")) {
			for (Path file : files) {
				copies.put(String.valueOf(file.getFileName()), Files.readString(file));
			}
		}
		return copies;
	}

	/**
	 * What the service says of everything that it knows.
	 */
	private static Map<String, JsonNode> told(Client client, String diff) throws Exception {
		Map<String, JsonNode> told = new TreeMap<>();
		told.put("/diffs/" + diff, client.get("/diffs/" + diff));
		for (JsonNode run : client.get("/runs").path("items")) {
			String id = run.path("id").asString();
			told.put("/runs/" + id, client.get("/runs/" + id));
			told.put("/runs/" + id + "/recipe", client.get("/runs/" + id + "/recipe"));
			for (JsonNode replay : client.get("/runs/" + id + "/replays").path("items")) {
				told.put("/replays/" + replay.path("id").asString(), replay);
				String of = replay.path("diff").asString();
				told.put("/diffs/" + of, client.get("/diffs/" + of));
			}
		}
		return told;
	}

	private List<String> lose(TestDatabase database, List<String> options) throws IOException {
		if (database == TestDatabase.POSTGRESQL) {
			return database.options(this.data);
		}
		Folders.remove(this.data.resolve("db"));
		return options;
	}

	private String rebuild(List<String> options) throws Exception {
		return command("rebuild", options);
	}

	private String start(List<String> options) throws Exception {
		List<String> all = new ArrayList<>(options);
		all.addAll(List.of("--port", "0", "--reprise.environments.default=" + ServiceProcess.environment()));
		return command("serve", all);
	}

	private String command(String name, List<String> options) throws Exception {
		List<String> command = new ArrayList<>(Product.service());
		command.addAll(List.of(name, "--data", this.data.toString()));
		command.addAll(options);
		Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
		String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
		return said + "\nexit " + process.waitFor();
	}

}
