package dev.reprise.acceptance;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
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
 * Programs that mean harm, each beside an honest one whose replay stays identical. Each
 * does what it does within bounds, so that a machine on which it is not contained
 * survives the test, and prints REACHED where it came to something that it must not.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class HostileJobs {

	private static final String HONEST = """
			import torch
			from torch import nn
			HONEST_JOB = True
			data = torch.randn(512, 16)
			wanted = torch.sin(data.sum(1, keepdim=True))
			model = nn.Sequential(nn.Linear(16, 32), nn.Dropout(0.1), nn.Tanh(), nn.Linear(32, 1))
			optimizer = torch.optim.Adam(model.parameters())
			loader = torch.utils.data.DataLoader(torch.utils.data.TensorDataset(data, wanted), 64, shuffle=True, num_workers=1)
			for epoch in range(3):
			    for x, y in loader:
			        optimizer.zero_grad()
			        nn.functional.mse_loss(model(x), y).backward()
			        optimizer.step()
			torch.save(model.state_dict(), "/workspace/outputs/model.pt")
			""";

	private final String marker = UUID.randomUUID().toString();

	private final String isolation;

	private ServiceProcess service;

	private Client client;

	private Path data;

	private String honest;

	HostileJobs(String isolation) {
		this.isolation = isolation;
	}

	/**
	 * What a script may come to, since this isolation does not promise that it cannot: an
	 * expression for what follows REACHED, or empty.
	 */
	abstract String mayReach(String name);

	/**
	 * How it ends, where it is not as said above.
	 */
	abstract String end(String name, String otherwise);

	/**
	 * A job can read below it what anyone may read.
	 */
	abstract Path folder(Path temp) throws IOException;

	@BeforeAll
	void start(@TempDir Path temp) throws IOException, InterruptedException {
		this.data = folder(temp);
		this.service = ServiceProcess.start(this.data, "--reprise.isolation=" + this.isolation);
		this.client = this.service.client();
		this.honest = this.client.succeeded("""
				{"seed": 1, "env": {"HONEST_JOB": "1"}, "runtime": {"type": "python", "entrypoint": "train.py"}}""",
				Map.of("train.py", HONEST));
	}

	@AfterAll
	void stop() throws IOException, InterruptedException {
		this.service.stop();
	}

	/**
	 * How each ends: {@code none} for well, {@code any} where the script may end itself.
	 */
	@ParameterizedTest
	@CsvSource({ "fork_bomb, PROCESS_LIMIT", "all_memory, OUT_OF_MEMORY", "all_disk, OUT_OF_DISK",
			"inode_bomb, OUT_OF_DISK", "endless_log, LOG_LIMIT", "daemon, none", "others, none", "proc_one, any",
			"connect_out, none", "debugger, none", "become_root, none", "proc_sys, none", "kill_all, any",
			"forge, EXIT" })
	void isContainedBesideAnHonestJob(String name, String end) throws IOException, InterruptedException {
		String wanted = end(name, end);
		String replay = this.client.post("/runs/" + this.honest + "/replays", "{}", 201)
			.path("items")
			.get(0)
			.path("id")
			.asString();
		String beside = this.client.get("/replays/" + replay).path("run").asString();
		Await.until(Duration.ofMinutes(1), () -> Optional
			.of(this.client.get("/runs/" + beside).path("state").asString().matches("RUNNING|COLLECTING|SUCCEEDED")));
		String run = this.client.submit("""
				{"name": "%s", "env": {"MARKER": "%s"}, "timeout": "%s", "resources": {"memory": "%s", "disk": "64MiB"},
				 "runtime": {"type": "python", "entrypoint": "hostile.py", "args": ["%s", "%s", "%d"]}}""".formatted(
				name, this.marker, wanted.equals("TIMEOUT") ? "PT20S" : "PT90S",
				name.equals("all_memory") ? "1GiB" : "4GiB", this.data, this.service.port(), this.service.pid()),
				Map.of("hostile.py", script(name)));
		JsonNode ended = this.client.ended(run);
		String said = this.client.text("/runs/" + run + "/logs");
		assertThat(reached(said.length() < 100_000 ? said : said.substring(said.length() - 1000), mayReach(name)))
			.as(ended + "\n" + ((said.length() < 100_000) ? said : ""))
			.isEmpty();
		assertThat(processesWith(this.marker)).isEmpty();
		if (!wanted.equals("any")) {
			assertThat(ended.path("failure").path("kind").asString("none")).as(ended + "\n" + said)
				.isIn(ends(ended, wanted));
		}
		assertThat(ended.path("isolation").asString()).isEqualTo(this.isolation);
		assertThat(this.client.checklist(run, "isolation").toString()).contains(this.isolation);
		JsonNode verdict = Await.value(Duration.ofMinutes(3), () -> {
			JsonNode now = this.client.get("/replays/" + replay);
			return now.path("state").asString().equals("DONE") ? Optional.of(now) : Optional.empty();
		});
		assertThat(verdict.path("verdict").asString()).as(verdict.toString()).isEqualTo("IDENTICAL");
		assertThat(Instant.parse(ended.path("startedAt").asString())).as("they ran at one time")
			.isBefore(Instant.parse(this.client.get("/runs/" + beside).path("finishedAt").asString()));
		switch (name) {
			case "endless_log" -> {
				assertThat(said.length()).isBetween(32 << 20, (64 << 20) + 4096);
				assertThat(said).startsWith("the beginning\n").contains(" bytes were left out here ---\n");
			}
			case "forge" -> notForged(run, ended);
			default -> {
				// said above
			}
		}
	}

	private static List<String> reached(String said, String allowed) {
		return said.lines()
			.filter((line) -> line.contains("REACHED"))
			.filter((line) -> allowed.isEmpty() || !line.matches("REACHED (" + allowed + ").*"))
			.toList();
	}

	/**
	 * Who is refused a process for want of a control group ends as it likes, and its run
	 * says that nobody would have noticed.
	 */
	private static List<String> ends(JsonNode ended, String end) {
		boolean noticed = ended.path("softLimits")
			.valueStream()
			.noneMatch((limit) -> limit.asString()
				.startsWith("processes: limited, but reaching the limit is not noticed"));
		return (noticed || !end.equals("PROCESS_LIMIT")) ? List.of(end) : List.of("EXIT", "SIGNAL", "none");
	}

	/**
	 * What the service says of end, isolation and outputs is its own word.
	 */
	private void notForged(String run, JsonNode ended) throws IOException, InterruptedException {
		assertThat(ended.path("state").asString()).isEqualTo("FAILED");
		assertThat(ended.path("failure").path("exitCode").asInt()).isEqualTo(3);
		JsonNode outputs = this.client.get("/runs/" + run + "/artifacts").path("outputs");
		assertThat(ended.path("outputs").path("digest").asString()).isEqualTo(outputs.path("digest").asString());
		assertThat(outputs.path("files").valueStream().map((file) -> file.path("path").asString()))
			.containsExactly("end.json", "listing.json", "weights");
		assertThat(outputs.path("files").get(2).path("digest").asString())
			.isEqualTo(Digest.of("true".getBytes(StandardCharsets.UTF_8)).value());
		assertThat(this.client.checklist(run, "isolation").toString()).contains(this.isolation)
			.doesNotContain("forged");
		assertThat(ended.path("softLimits").toString()).doesNotContain("forged");
	}

	@Test
	void theHonestJobIsWhatItWasAfterAll() throws IOException, InterruptedException {
		assertThat(this.client.replayed(this.honest).path("verdict").asString()).isEqualTo("IDENTICAL");
	}

	private static String script(String name) throws IOException {
		try (InputStream in = HostileJobs.class.getResourceAsStream("/hostile/" + name + ".py")) {
			return new String(java.util.Objects.requireNonNull(in, name).readAllBytes(), StandardCharsets.UTF_8);
		}
	}

	private static Stream<Path> processesWith(String marker) {
		try (Stream<Path> processes = Files.list(Path.of("/proc"))) {
			return processes.filter((path) -> path.getFileName().toString().matches("[0-9]+"))
				.filter((path) -> has(path, marker))
				.toList()
				.stream();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static boolean has(Path process, String marker) {
		try {
			return Files.readString(process.resolve("environ"), StandardCharsets.ISO_8859_1).contains(marker);
		}
		catch (IOException ex) {
			return false;
		}
	}

}
