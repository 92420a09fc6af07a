package dev.reprise.acceptance;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;

import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Zooms into the step in which two real runs part: the operator is named that gives
 * something else for the same, with the program's line.
 */
class ZoomTests extends WithService {

	private static final String SPEC = """
			{"seed": 3, "determinism": "strict", "resources": {"cpus": 2, "threads": %d}, "env": {"FROM": "%s"},
			 "runtime": {"type": "python", "entrypoint": "train.py"}}""";

	/** Its line 9 is one that a test changes from a step on. */
	private static final String PROGRAM = """
			import os, torch
			model = torch.nn.Linear(4, 2)
			optimizer = torch.optim.SGD(model.parameters(), lr=0.01)
			%s
			for step in range(12):
			    optimizer.zero_grad()
			    x = torch.randn(16, 4)
			    scale = 1.0 if step < int(os.environ["FROM"]) else 1.5
			    loss = model(x).mul(scale).square().mean()
			    loss.backward()
			    optimizer.step()
			torch.save(model.state_dict(), "model.pt")
			""";

	@Test
	void theLineThatCallsAnOperatorOtherwiseIsNamed() throws Exception {
		String diff = different(PROGRAM.formatted(""), 1, 12, 1, 5);
		JsonNode zoom = zoomed(diff);
		assertThat(zoom.path("step").asLong()).as(zoom.toPrettyString()).isEqualTo(5);
		assertThat(zoom.path("outcome").asString()).isEqualTo("FOUND");
		JsonNode finding = zoom.path("finding");
		assertThat(finding.path("kind").asString()).isIn("ARGUMENTS", "INPUT");
		assertThat(finding.path("left").path("operator").asString()).isEqualTo("aten.mul.Tensor");
		assertThat(finding.path("left").path("place").asString()).isEqualTo("train.py:9");
		assertThat(finding.path("equalBefore").asLong()).isPositive();
		assertThat(this.client.get("/runs/" + zoom.path("left").asString()).path("watch").path("zoom").toString())
			.isEqualTo("{\"step\":5}");
		assertThat(this.client.post("/diffs/" + diff + "/zoom", "{}", 202)).as("a diff has one zoom").isEqualTo(zoom);
	}

	/**
	 * A sum over a million numbers is split among threads: the operator gets the same and
	 * gives something else.
	 */
	@Test
	void theOperatorThatThreadsChangeIsNamed() throws Exception {
		String diff = different("""
				import torch
				class Product(torch.nn.Module):
				    def __init__(self):
				        super().__init__()
				        self.weight = torch.nn.Parameter(torch.ones(1 << 20))
				    def forward(self, x):
				        return self.weight * x
				model = Product()
				optimizer = torch.optim.SGD(model.parameters(), lr=0.01)
				x = torch.randn(1 << 20)
				for step in range(3):
				    optimizer.zero_grad()
				    loss = model(x).sum()
				    (loss * loss).backward()
				    optimizer.step()
				torch.save(model.state_dict(), "model.pt")
				""", 1, 12, 2, 12);
		JsonNode finding = zoomed(diff).path("finding");
		assertThat(finding.path("kind").asString()).as(finding.toPrettyString()).isEqualTo("OUTPUT");
		assertThat(finding.path("left").path("operator").asString()).isEqualTo("aten.sum.default");
		assertThat(finding.path("left").path("place").asString()).isEqualTo("train.py:13");
		assertThat(finding.path("statement").asString()).contains("gets the same on both sides");
	}

	@Test
	void whereASideDoesNotGoTheSameWayAgainNothingIsNamed() throws Exception {
		String diff = different(PROGRAM.formatted("torch.manual_seed(int.from_bytes(os.urandom(3), 'little'))"), 1, 12,
				1, 5);
		JsonNode zoom = zoomed(diff);
		assertThat(zoom.path("outcome").asString()).as(zoom.toPrettyString()).isEqualTo("NOT_REPRODUCED");
		assertThat(zoom.path("finding").isNull()).isTrue();
		assertThat(zoom.path("statement").asString()).startsWith("The left run did not go the same way again: ");
	}

	@Test
	void whereTracesPartNowhereThereIsNothingToLookAt() throws Exception {
		String spec = SPEC.formatted(1, "12");
		Map<String, String> code = Map.of("train.py", PROGRAM.formatted(""));
		String diff = diff(this.client.succeeded(spec, code), this.client.succeeded(spec, code));
		assertThat(this.client.post("/diffs/" + diff + "/zoom", "{}", 409).path("detail").asString())
			.contains("part nowhere");
		this.client.problem("/diffs/" + diff + "/zoom", 404);
		this.client.post("/diffs/" + diff + "/zoom", "{\"step\": 5}", 422);
	}

	private String different(String program, int leftThreads, int leftFrom, int rightThreads, int rightFrom)
			throws Exception {
		Map<String, String> code = Map.of("train.py", program);
		String left = this.client.succeeded(SPEC.formatted(leftThreads, leftFrom), code);
		String right = this.client.succeeded(SPEC.formatted(rightThreads, rightFrom), code);
		String diff = diff(left, right);
		JsonNode found = this.client.get("/diffs/" + diff);
		assertThat(found.path("verdict").asString()).as(found.toPrettyString()).isEqualTo("DIFFERENT");
		return diff;
	}

	private String diff(String left, String right) throws Exception {
		return this.client.post("/diffs", "{\"left\": \"" + left + "\", \"right\": \"" + right + "\"}", 200)
			.path("id")
			.asString();
	}

	private JsonNode zoomed(String diff) throws Exception {
		JsonNode begun = this.client.post("/diffs/" + diff + "/zoom", "{}", 202);
		assertThat(begun.path("diff").asString()).isEqualTo(diff);
		return Await.value(Duration.ofMinutes(10), () -> {
			JsonNode now = this.client.get("/diffs/" + diff + "/zoom");
			return now.path("state").asString().equals("DONE") ? Optional.of(now) : Optional.empty();
		});
	}

}
