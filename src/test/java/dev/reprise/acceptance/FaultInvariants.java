package dev.reprise.acceptance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The promises that hold after any fault, checked against the API, the processes, the
 * control groups, the store and the database. The letters are those of CONTRIBUTING.
 */
final class FaultInvariants {

	private final Path data;

	private final String marker;

	private final Map<String, FaultJob> accepted;

	private final Map<String, String> replays;

	private final Map<String, JsonNode> ends = new LinkedHashMap<>();

	FaultInvariants(Path data, String marker, Map<String, FaultJob> accepted, Map<String, String> replays) {
		this.data = data;
		this.marker = marker;
		this.accepted = accepted;
		this.replays = replays;
	}

	/**
	 * Ends of runs as they were when they were first seen.
	 */
	Map<String, JsonNode> ends() {
		return this.ends;
	}

	void check(Client client, FaultRound round, FaultCampaign.Fault fault) throws IOException, InterruptedException {
		for (String run : round.runs()) {
			JsonNode end = client.get("/runs/" + run);
			this.ends.put(run, end);
			ended(client, end, round, fault);
		}
		for (String replay : round.replays()) {
			verdict(client.get("/replays/" + replay));
		}
		runsAreThoseAccepted(client);
		nothingRunsAndNothingIsHeld(client);
		blobsAreTheirNames();
	}

	/**
	 * A, B and F for one run.
	 */
	private void ended(Client client, JsonNode end, FaultRound round, FaultCampaign.Fault fault)
			throws IOException, InterruptedException {
		String run = end.path("id").asString();
		FaultJob job = this.accepted.get(run);
		if (job == null) {
			throw new AssertionError("A: nobody submitted " + end);
		}
		JsonNode attempts = client.get("/runs/" + run + "/attempts").path("items");
		int handedBack = 0;
		for (int i = 0; i < attempts.size(); i++) {
			JsonNode attempt = attempts.get(i);
			assertThat(attempt.path("number").asInt()).as("B: %s", attempts).isEqualTo(i + 1);
			assertThat(attempt.path("state").asString()).as("B: %s", attempts).isEqualTo("ENDED");
			assertThat(attempt.path("endedAt").isNull()).as("B: %s", attempts).isFalse();
			assertThat(attempt.path("ending").asString("")).as("F: how attempt %s ended: %s", i + 1, end).isNotBlank();
			JsonNode left = attempt.path("left");
			if (end.path("state").asString().equals("SUCCEEDED") && !left.isNull()) {
				assertThat(left.path("equal").asInt(-1) + left.path("different").size() + left.path("missing").size())
					.as("F: what attempt %s had written, held against the last: %s", i + 1, end)
					.isEqualTo(left.path("files").asInt());
			}
			handedBack += attempt.path("ending").asString("").contains("handed back") ? 1 : 0;
		}
		assertThat(attempts.size() - handedBack).as("B: attempts of %s", end).isLessThanOrEqualTo(job.maxAttempts());
		String kind = end.path("failure").path("kind").asString("");
		switch (end.path("state").asString()) {
			case "SUCCEEDED" -> {
				assertThat(job.kind()).as("%s", end).isNotEqualTo(FaultJob.Kind.FAILING);
				outputs(client, end, job, attempts.size());
			}
			case "CANCELLED" -> assertThat(round.wantedCancelled(run)).as("nobody cancelled %s", end).isTrue();
			default -> {
				if (kind.equals("LOST")) {
					assertThat(attempts.size()).as("F: lost with attempts left: %s", end)
						.isGreaterThanOrEqualTo(job.maxAttempts());
					assertThat(fault).as("F: a stop loses nothing: %s", end).isNotEqualTo(FaultCampaign.Fault.TERM);
				}
				else if (job.kind() == FaultJob.Kind.FAILING && fault != FaultCampaign.Fault.JOB) {
					assertThat(kind).as("%s", end).isEqualTo("EXIT");
					assertThat(end.path("failure").path("exitCode").asInt()).isEqualTo(3);
				}
				else {
					// Only what was killed may fail of itself.
					assertThat(fault).as("%s", end).isEqualTo(FaultCampaign.Fault.JOB);
					assertThat(kind).as("%s", end).isIn("SIGNAL", "EXIT", "RECORD");
				}
			}
		}
	}

	/**
	 * The result is the one that the job gives, whichever attempt gave it, and by the
	 * attempt that has the fence.
	 */
	private void outputs(Client client, JsonNode end, FaultJob job, int attempts)
			throws IOException, InterruptedException {
		String run = end.path("id").asString();
		assertThat(end.path("outputs").path("files").asInt()).as("%s", end).isEqualTo(job.outputs());
		JsonNode listing = client.get("/runs/" + run + "/artifacts").path("outputs");
		assertThat(listing.path("digest").asString()).as("B: listing and row")
			.isEqualTo(end.path("outputs").path("digest").asString());
		for (JsonNode file : listing.path("files")) {
			String hex = file.path("digest").asString().substring("sha256:".length());
			assertThat(blob(hex)).as("D: %s names it", run).exists();
			if (file.path("path").asString().equals("out.txt")) {
				assertThat(Files.readAllBytes(blob(hex))).as("F: out.txt of %s", run).isEqualTo(job.output());
			}
		}
		JsonNode written = JsonMapper.shared().readTree(this.data.resolve("runs").resolve(run).resolve("end.json"));
		String log = client.text("/runs/" + run + "/logs?stream=stdout");
		// What was in the pipe when the service died is lost, and the record says so.
		assertThat(written.path("logTruncated").asBoolean() && log.isEmpty() ? "attempt\n" : log)
			.as("B: one attempt's log")
			.isEqualTo("attempt\n");
		assertThat(written.path("attempt").asInt()).as("B: who wrote the record").isEqualTo(attempts);
	}

	private void verdict(JsonNode replay) {
		JsonNode end = this.ends.get(this.replays.get(replay.path("id").asString()));
		if (end == null) {
			throw new AssertionError("A: the run of a replay is not there: " + replay);
		}
		if (end.path("state").asString().equals("SUCCEEDED")) {
			assertThat(replay.path("verdict").asString()).as("%s", replay).isEqualTo("IDENTICAL");
		}
	}

	/**
	 * A and B for all that was ever accepted: nothing is lost, nothing is there twice,
	 * and no end changes.
	 */
	private void runsAreThoseAccepted(Client client) throws IOException, InterruptedException {
		Set<String> found = new HashSet<>();
		String cursor = "";
		while (cursor != null) {
			JsonNode page = client.get("/runs?limit=100" + (cursor.isEmpty() ? "" : "&cursor=" + cursor));
			for (JsonNode run : page.path("items")) {
				found.add(run.path("id").asString());
				assertThat(run).as("B: the end of a run changed").isEqualTo(this.ends.get(run.path("id").asString()));
			}
			cursor = page.path("next").isNull() ? null : page.path("next").asString();
		}
		assertThat(found).as("A: accepted and there").isEqualTo(this.accepted.keySet());
	}

	/**
	 * C and E.
	 */
	private void nothingRunsAndNothingIsHeld(Client client) throws IOException, InterruptedException {
		Await.until(Duration.ofSeconds(10),
				() -> Optional.of(client.get("/workers").path("items").get(0).path("held").isEmpty()));
		JsonNode worker = client.get("/workers").path("items").get(0);
		for (String what : List.of("cpus", "memory")) {
			assertThat(worker.path(what).path("free").asLong()).as("E: %s", worker)
				.isEqualTo(worker.path(what).path("total").asLong());
		}
		assertThat(MarkedProcesses.with(this.marker)).as("C: processes of jobs that have ended").isEmpty();
		try (Stream<Path> attempts = Files.list(this.data.resolve("attempts"))) {
			assertThat(attempts).as("C: folders of attempts that have ended").isEmpty();
		}
		Path groups = Path.of("/sys/fs/cgroup");
		if (Files.isDirectory(groups)) {
			try (Stream<Path> folders = Files.find(groups, 6, (path, attributes) -> attributes.isDirectory())) {
				assertThat(folders.filter((folder) -> this.accepted.keySet()
					.stream()
					.anyMatch((run) -> folder.getFileName().toString().contains(run))))
					.as("C: control groups of attempts that have ended")
					.isEmpty();
			}
		}
	}

	/**
	 * D.
	 */
	private void blobsAreTheirNames() throws IOException {
		try (Stream<Path> blobs = Files.walk(this.data.resolve("blobs/sha256")).filter(Files::isRegularFile)) {
			for (Path blob : (Iterable<Path>) blobs::iterator) {
				assertThat(sha256(blob)).as("D: a blob's bytes").isEqualTo(blob.getFileName().toString());
			}
		}
	}

	/**
	 * With no service over it: the rows themselves, and that they name only what is
	 * there.
	 */
	void checkAtRest() throws Exception {
		blobsAreTheirNames();
		try (Connection database = DriverManager
			.getConnection("jdbc:h2:async:" + this.data.resolve("db/reprise") + ";ACCESS_MODE_DATA=r", "reprise", "");
				Statement statement = database.createStatement()) {
			Set<String> rows = new HashSet<>();
			try (ResultSet runs = statement.executeQuery(
					"select r.id, r.state, r.attempt, r.code, (select count(*) from attempts a where a.run_id = r.id and a.state = 'ENDED') from runs r")) {
				while (runs.next()) {
					rows.add(runs.getString(1));
					assertThat(runs.getString(2)).as("A").isIn("SUCCEEDED", "FAILED", "CANCELLED");
					assertThat(runs.getInt(5)).as("B: rows of attempts of %s", runs.getString(1))
						.isEqualTo(runs.getInt(3));
					assertThat(blob(runs.getString(4).substring(7))).as("D: code of %s", runs.getString(1)).exists();
				}
			}
			assertThat(rows).as("A: rows of runs").isEqualTo(this.accepted.keySet());
			try (ResultSet diffs = statement.executeQuery("select result from diffs where state = 'DONE'")) {
				while (diffs.next()) {
					assertThat(blob(diffs.getString(1).substring(7))).as("D: a diff").exists();
				}
			}
		}
	}

	private Path blob(String hex) {
		return this.data.resolve("blobs/sha256").resolve(hex.substring(0, 2)).resolve(hex);
	}

	private static String sha256(Path file) throws IOException {
		try {
			return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
		}
		catch (java.security.NoSuchAlgorithmException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
