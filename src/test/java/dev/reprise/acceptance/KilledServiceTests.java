package dev.reprise.acceptance;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The service is killed (-9) at different moments of a job: nothing of the job is left,
 * and after a restart its run has one final state.
 */
class KilledServiceTests {

	@TempDir
	Path data;

	/**
	 * A moment of a job at which the service dies.
	 */
	enum Moment {

		/**
		 * Right after the 201.
		 */
		ACCEPTED,
		/**
		 * The attempt is claimed, and its workspace is being made.
		 */
		STARTING,
		/**
		 * The process runs, and loads.
		 */
		RUNNING,
		/**
		 * The program trains, with a child in a session of its own.
		 */
		TRAINING,
		/**
		 * The program has ended, and what it left is being collected.
		 */
		COLLECTING,
		/**
		 * The run has come to its end.
		 */
		ENDED

	}

	@ParameterizedTest
	@EnumSource
	void nothingIsLeftAndTheRunHasOneFinalState(Moment moment) throws IOException, InterruptedException {
		String marker = UUID.randomUUID().toString();
		ServiceProcess first = ServiceProcess.start(this.data);
		String run = first.client()
			.submit("""
					{"env": {"MARKER": "%s", "MOMENT": "%s"}, "seed": 1,
					 "runtime": {"type": "python", "entrypoint": "train.py"}}""".formatted(marker, moment),
					Map.of("train.py", program((moment == Moment.COLLECTING) ? 30_000_000 : 10)));
		await(first.client(), run, moment);
		if (moment == Moment.TRAINING) {
			assertThat(MarkedProcesses.with(marker)).as("what the test looks for can be seen").hasSizeGreaterThan(1);
		}
		first.kill();
		Await.until(Duration.ofSeconds(2), () -> Optional.of(MarkedProcesses.with(marker).isEmpty()));

		ServiceProcess second = ServiceProcess.start(this.data);
		try {
			JsonNode ended = second.client().ended(run);
			assertThat(MarkedProcesses.with(marker)).isEmpty();
			assertThat(ended.path("attempts").size()).isLessThanOrEqualTo(1);
			assertThat(ended.path("finishedAt").isNull()).isFalse();
			switch (moment) {
				case COLLECTING, ENDED -> {
					assertThat(ended.path("state").asString()).as(ended.toString()).isEqualTo("SUCCEEDED");
					assertThat(ended.path("outputs").path("files").asInt()).isEqualTo(1);
				}
				case TRAINING -> {
					assertThat(ended.path("state").asString()).isEqualTo("FAILED");
					assertThat(ended.path("failure").path("kind").asString()).isEqualTo("LOST");
				}
				default -> {
					if (!ended.path("state").asString().equals("SUCCEEDED")) {
						assertThat(ended.path("failure").path("kind").asString()).as(ended.toString())
							.isEqualTo("LOST");
					}
				}
			}
			assertThat(attemptsLeft()).isEmpty();
		}
		finally {
			second.stop();
		}
	}

	@Test
	void aLostAttemptIsFollowedByAnotherWhereTheSpecAllowsIt() throws IOException, InterruptedException {
		ServiceProcess first = ServiceProcess.start(this.data);
		String run = first.client().submit("""
				{"maxAttempts": 2, "runtime": {"type": "python", "entrypoint": "train.py"}}""", Map.of("train.py", """
				import json, signal
				attempt = json.load(open("/workspace/job.json"))["attempt"]
				open("equal.txt", "w").write("equal")
				open("other.txt", "w").write(f"attempt {attempt}")
				if attempt == 1:
				    open("missing.txt", "w").write("missing")
				    print("training", flush=True)
				    signal.pause()
				open("done.txt", "w").write("done")
				"""));
		await(first.client(), run, Moment.TRAINING);
		first.kill();
		ServiceProcess second = ServiceProcess.start(this.data);
		try {
			JsonNode ended = second.client().ended(run);
			assertThat(ended.path("state").asString()).as(ended.toString()).isEqualTo("SUCCEEDED");
			assertThat(ended.path("attempts").size()).isEqualTo(2);
			assertThat(ended.path("attempts").get(0).path("ending").asString()).isNotBlank();
			assertThat(ended.path("attempts").get(0).path("left").toString())
				.isEqualTo("{\"files\":3,\"equal\":1,\"different\":[\"other.txt\"],\"missing\":[\"missing.txt\"]}");
			assertThat(ended.path("attempts").get(1).path("left").isNull()).isTrue();
		}
		finally {
			second.stop();
		}
	}

	/**
	 * That the service ended it is known to the service alone: no exit status says so.
	 */
	@Test
	void whatTheServiceEndedForItsTimeIsNotCalledLost() throws IOException, InterruptedException {
		ServiceProcess first = ServiceProcess.start(this.data);
		String run = first.client().submit("""
				{"timeout": "PT10S", "runtime": {"type": "python", "entrypoint": "train.py"}}""", Map.of("train.py", """
				import signal
				import numpy
				numpy.save("weights.npy", numpy.arange(30_000_000))
				signal.pause()
				"""));
		await(first.client(), run, Moment.COLLECTING);
		first.kill();
		ServiceProcess second = ServiceProcess.start(this.data);
		try {
			JsonNode ended = second.client().ended(run);
			assertThat(ended.path("failure").path("kind").asString()).as(ended.toString()).isEqualTo("TIMEOUT");
			assertThat(ended.path("outputs").path("files").asInt()).isEqualTo(1);
		}
		finally {
			second.stop();
		}
	}

	private static String program(int weights) {
		return """
				import os, signal, subprocess, sys
				import numpy

				subprocess.Popen([sys.executable, "-c", "import signal; signal.pause()"], start_new_session=True)
				print("training", flush=True)
				if os.environ["MOMENT"] == "TRAINING":
				    signal.pause()
				numpy.save("weights.npy", numpy.arange(%d))
				""".formatted(weights);
	}

	private static void await(Client client, String run, Moment moment) throws InterruptedException {
		List<String> states = switch (moment) {
			case ACCEPTED -> List.of("QUEUED", "STARTING", "RUNNING");
			case STARTING -> List.of("STARTING", "RUNNING");
			case RUNNING, TRAINING -> List.of("RUNNING");
			case COLLECTING -> List.of("COLLECTING");
			case ENDED -> List.of("SUCCEEDED");
		};
		Await.moment(Duration.ofMinutes(1), () -> {
			String state = client.get("/runs/" + run).path("state").asString();
			boolean there = states.contains(state);
			if (moment == Moment.TRAINING) {
				there = there && client.text("/runs/" + run + "/logs").contains("training");
			}
			return Optional.of(there);
		});
	}

	private List<Path> attemptsLeft() throws IOException {
		List<Path> left = new ArrayList<>();
		try (DirectoryStream<Path> attempts = Files.newDirectoryStream(this.data.resolve("attempts"))) {
			attempts.forEach(left::add);
		}
		return left;
	}

}
