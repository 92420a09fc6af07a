package dev.reprise.cli.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Set;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Runs through the service, timed as their client sees them.
 */
final class ServiceRuns {

	private static final Set<String> FINAL = Set.of("SUCCEEDED", "FAILED", "CANCELLED");

	/**
	 * Short against what is measured, long against what an answer costs.
	 */
	private static final long POLL_MILLIS = 50;

	private static final int CORES = 2;

	private final Jobs jobs;

	ServiceRuns(Jobs jobs) {
		this.jobs = jobs;
	}

	/**
	 * Runs a program to its end.
	 * @throws IOException if it does not end well
	 */
	Timed run(Path program) throws IOException, InterruptedException {
		return run(program, Math.min(CORES, Runtime.getRuntime().availableProcessors()), POLL_MILLIS);
	}

	/**
	 * Runs a program to its end on so many cores.
	 * @param pollMillis how long its client waits before it asks again
	 * @throws IOException if it does not end well
	 */
	Timed run(Path program, int cores, long pollMillis) throws IOException, InterruptedException {
		String spec = JsonMapper.shared()
			.createObjectNode()
			.put("name", "bench")
			.put("seed", 42)
			.put("determinism", "strict")
			.set("runtime",
					JsonMapper.shared()
						.createObjectNode()
						.put("type", "python")
						.put("entrypoint", String.valueOf(program.getFileName())))
			.set("resources", JsonMapper.shared().createObjectNode().put("cpus", cores))
			.toString();
		Instant posted = Instant.now();
		String id = this.jobs.submit(spec, program).path("id").asString();
		JsonNode run = this.jobs.run(id);
		while (!FINAL.contains(run.path("state").asString())) {
			Thread.sleep(pollMillis);
			run = this.jobs.run(id);
		}
		Instant seen = Instant.now();
		if (!run.path("state").asString().equals("SUCCEEDED")) {
			throw new IOException("the run of " + program.getFileName() + " ended as " + run.path("state").asString()
					+ ": " + run.path("failure"));
		}
		JsonNode attempt = run.path("attempts").get(0);
		return new Timed(id, posted, at(attempt, "startedAt"), at(attempt, "runningAt"), at(run, "finishedAt"), seen);
	}

	/**
	 * Waits until a run's process has been started.
	 */
	void awaitRunning(String id) throws IOException, InterruptedException {
		for (String state = ""; !state.equals("RUNNING"); state = this.jobs.run(id).path("state").asString()) {
			if (FINAL.contains(state)) {
				throw new IOException("a run that was to go on ended: " + this.jobs.run(id).path("failure"));
			}
			Thread.sleep(POLL_MILLIS);
		}
	}

	String output(Timed run) throws IOException, InterruptedException {
		return this.jobs.output(run.id());
	}

	private static Instant at(JsonNode node, String name) {
		return Instant.parse(node.path(name).asString());
	}

	/**
	 * One run.
	 *
	 * @param id of the run
	 * @param posted just before the client sent it
	 * @param claimed when its attempt began
	 * @param running when its workspace stood and its process was started
	 * @param finished when it came to its final state
	 * @param seen when its client knew that
	 */
	record Timed(String id, Instant posted, Instant claimed, Instant running, Instant finished, Instant seen) {

		double seconds() {
			return Seconds.between(this.posted, this.seen);
		}

	}

}
