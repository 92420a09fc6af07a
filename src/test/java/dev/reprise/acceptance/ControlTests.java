package dev.reprise.acceptance;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Negative controls of real training jobs: a bit that is flipped is found, or the
 * verdicts that say "equal" are withdrawn.
 */
class ControlTests extends WithService {

	private static final String SPEC = """
			{"seed": 3, "determinism": "strict", "resources": {"cpus": 1}, "trace": %s,
			 "runtime": {"type": "python", "entrypoint": "train.py"}}""";

	private static final String PROGRAM = """
			import torch
			model = torch.nn.Sequential(torch.nn.Linear(4, 8), torch.nn.ReLU(), torch.nn.Linear(8, 2))
			optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
			for step in range(12):
			    optimizer.zero_grad()
			    model(torch.randn(16, 4)).square().mean().backward()
			    optimizer.step()
			torch.save(model.state_dict(), "model.pt")
			""";

	@ParameterizedTest
	@ValueSource(strings = { "{}", "{\"every\": 5}" })
	void aFlippedBitIsFoundAndTheVerdictsStand(String trace) throws Exception {
		String run = this.client.succeeded(SPEC.formatted(trace), Map.of("train.py", PROGRAM));
		JsonNode all = judged(run, "{\"count\": 2, \"control\": true, \"busy\": true}");
		assertThat(all.path("items").size()).isEqualTo(3);
		JsonNode control = all.path("items").get(2);
		assertThat(control.path("kind").asString()).isEqualTo("control");
		JsonNode found = control.path("control");
		assertThat(found.path("found").asBoolean()).as(all.toPrettyString()).isTrue();
		assertThat(found.path("tensor").asString()).matches("[02]\\.(weight|bias)");
		assertThat(found.path("step").asLong()).isBetween(0L, 11L);
		JsonNode divergence = this.client.get("/diffs/" + control.path("diff").asString()).path("divergence");
		assertThat(divergence.path("step")).isEqualTo(found.path("step"));
		assertThat(divergence.path("tensor")).isEqualTo(found.path("tensor"));
		for (int i = 0; i < 2; i++) {
			assertThat(all.path("items").get(i).path("verdict").asString()).as(all.toPrettyString())
				.isEqualTo("IDENTICAL");
			assertThat(all.path("items").get(i).path("ranBeside").asString()).isEqualTo("beside a busy job");
		}
		JsonNode certificate = all.path("certificate");
		assertThat(certificate.path("replays").asInt()).as("the control is none").isEqualTo(2);
		assertThat(certificate.path("identical").asInt()).isEqualTo(2);
		assertThat(certificate.path("different").asInt()).isZero();
		assertThat(certificate.path("machines").size()).isEqualTo(1);
		assertThat(certificate.path("machines").get(0).path("cpu").asString()).isNotBlank();
	}

	/**
	 * The trace sums up what is flipped: the diff sees that something of all parameters
	 * differs, and cannot say which.
	 */
	@Test
	void whereTheTraceLeavesTheTensorOutTheVerdictIsWithdrawn() throws Exception {
		withdrawn(SPEC.formatted("{\"tensors\": [\"no-such-*\"]}"), PROGRAM, "parameter *");
	}

	/**
	 * The job knows a control by its file, and undoes what was flipped in a process that
	 * nobody watches.
	 */
	@Test
	void aJobThatHidesFromTheControlHasItsVerdictWithdrawn() throws Exception {
		withdrawn(SPEC.formatted("{}"), """
				import json, subprocess, sys, os
				job = json.load(open(os.environ["REPRISE_JOB"]))
				if job["watch"]["flip"]:
				    job["watch"]["flip"] = None
				    json.dump(job, open("/tmp/job.json", "w"))
				    os.environ["REPRISE_JOB"] = "/tmp/job.json"
				    os.environ["HIDDEN"] = "yes"
				if "AGAIN" not in os.environ:
				    os.environ["AGAIN"] = "yes"
				    os.execv(sys.executable, [sys.executable, *sys.argv])
				""" + PROGRAM, "no process says that it flipped a bit");
	}

	/**
	 * A job that differs by itself is found to, and no control takes that back.
	 */
	@Test
	void whatWasFoundToDifferIsNotWithdrawn() throws Exception {
		String run = this.client.succeeded(SPEC.formatted("{}"), Map.of("train.py", PROGRAM.replace("import torch\n",
				"import os, torch\ntorch.manual_seed(int.from_bytes(os.urandom(3), 'little'))\n")));
		JsonNode all = judged(run, "{\"control\": true}");
		assertThat(all.path("items").get(0).path("verdict").asString()).as(all.toPrettyString()).isEqualTo("DIFFERENT");
		assertThat(all.path("items").get(1).path("control").path("found").asBoolean()).isFalse();
		assertThat(all.path("items").get(1).path("reason").asString()).startsWith("The flipped bit was not found: ");
		assertThat(all.path("certificate").path("different").asInt()).isEqualTo(1);
	}

	private void withdrawn(String spec, String program, String why) throws Exception {
		String run = this.client.succeeded(spec, Map.of("train.py", program));
		JsonNode all = judged(run, "{\"control\": true}");
		JsonNode replay = all.path("items").get(0);
		assertThat(replay.path("verdict").asString()).as(all.toPrettyString()).isEqualTo("INCONCLUSIVE");
		assertThat(replay.path("reason").asString()).startsWith("Withdrawn: its diff says IDENTICAL, ").contains(why);
		assertThat(this.client.get("/diffs/" + replay.path("diff").asString()).path("verdict").asString())
			.isEqualTo("IDENTICAL");
		assertThat(all.path("items").get(1).path("control").path("found").asBoolean()).isFalse();
		assertThat(all.path("certificate").path("upperBound95").asDouble()).isEqualTo(1);
	}

	private JsonNode judged(String run, String request) throws Exception {
		this.client.post("/runs/" + run + "/replays", request, 201);
		return Await.value(Duration.ofMinutes(10), () -> {
			JsonNode all = this.client.get("/runs/" + run + "/replays");
			boolean done = all.path("items")
				.valueStream()
				.allMatch((replay) -> replay.path("state").asString().equals("DONE"));
			return done ? Optional.of(all) : Optional.empty();
		});
	}

}
