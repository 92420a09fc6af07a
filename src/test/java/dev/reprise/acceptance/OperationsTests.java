package dev.reprise.acceptance;

import java.io.IOException;
import java.util.Map;

import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Operations that have no deterministic implementation, and what else a program can do
 * against its recipe.
 */
class OperationsTests extends WithService {

	private static final String PUT = """
			import warnings
			import torch

			warnings.filterwarnings("ignore")

			def step(tensor):
			    tensor.put_(torch.tensor([0, 1]), torch.tensor([1.0, 2.0]))

			weights = torch.zeros(4)
			for _ in range(3):
			    step(weights)
			torch.save(weights, "weights.pt")
			""";

	@Test
	void aRefusedOperationFailsAStrictRunWithItsNameAndTheUsersOwnLine() throws IOException, InterruptedException {
		String run = this.client.submit(spec("strict", ""), Map.of("train.py", PUT));
		JsonNode ended = this.client.ended(run);
		assertThat(ended.path("state").asString()).isEqualTo("FAILED");
		JsonNode failure = ended.path("failure");
		assertThat(failure.path("kind").asString()).isEqualTo("REFUSED_OPERATION");
		assertThat(failure.path("operation").asString()).isEqualTo("put_");
		assertThat(failure.path("location").asString()).isEqualTo("train.py:7");
		assertThat(failure.path("exitCode").asInt()).isEqualTo(1);
		JsonNode operation = this.client.get("/runs/" + run + "/operations").path("items").get(0);
		assertThat(operation.path("kind").asString()).isEqualTo("refused");
		JsonNode diff = this.client.replayed(run);
		assertThat(diff.path("verdict").asString()).as("nothing was put out, so nothing was compared")
			.isEqualTo("INCONCLUSIVE");
	}

	@Test
	void inWarnItIsRecordedWithCountAndPlaceAlsoWhereTheProgramIgnoresWarnings()
			throws IOException, InterruptedException {
		String run = this.client.succeeded(spec("warn", ""), Map.of("train.py", PUT));
		JsonNode operations = this.client.get("/runs/" + run + "/operations").path("items");
		assertThat(operations.size()).isEqualTo(1);
		JsonNode operation = operations.get(0);
		assertThat(operation.path("operation").asString()).isEqualTo("put_");
		assertThat(operation.path("kind").asString()).isEqualTo("warned");
		assertThat(operation.path("location").asString()).isEqualTo("train.py:7");
		assertThat(operation.path("function").asString()).isEqualTo("step");
		assertThat(operation.path("count").asInt()).isEqualTo(3);
	}

	@Test
	void driftFailsTheRunWhereTheJobAsksForItAndIsOtherwiseRecorded() throws IOException, InterruptedException {
		String program = """
				import torch

				torch.backends.cudnn.benchmark = True
				torch.backends.cudnn.benchmark = False
				torch.save(torch.zeros(1), "zero.pt")
				""";
		String recorded = this.client.succeeded(spec("strict", ""), Map.of("train.py", program));
		assertThat(this.client.checklist(recorded, "cudnn").path("held").asString()).isEqualTo("no");
		JsonNode ended = this.client
			.ended(this.client.submit(spec("strict", "\"onDrift\": \"fail\", "), Map.of("train.py", program)));
		assertThat(ended.path("failure").path("kind").asString()).isEqualTo("DRIFT");
		assertThat(ended.path("failure").path("location").asString()).isEqualTo("train.py:3");
	}

	private static String spec(String mode, String more) {
		return "{" + more + "\"seed\": 42, \"determinism\": \"" + mode
				+ "\", \"runtime\": {\"type\": \"python\", \"entrypoint\": \"train.py\"}}";
	}

}
