package dev.reprise.acceptance;

import java.io.IOException;
import java.util.Map;

import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A job that is checked where there is no GPU is known to pass or to fail on one, as far
 * as that is documented.
 */
class AuditTests extends WithService {

	private static final String TRAIN = """
			import torch
			from torch import nn

			model = nn.Sequential(nn.Conv2d(1, 2, 3), LAYER, nn.Flatten(), nn.LazyLinear(1))
			model(torch.zeros(1, 1, 8, 8))
			optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
			for _ in range(2):
			    model(torch.rand(4, 1, 8, 8)).sum().backward()
			    optimizer.step()
			torch.save(model.state_dict(), "model.pt")
			""";

	@Test
	void anOperatorThatRefusesOnAGpuIsNamedWithItsPlaceAndNoneThatDoesNot() throws IOException, InterruptedException {
		JsonNode refuses = audit("nn.AdaptiveAvgPool2d(3)");
		assertThat(refuses.path("verdict").asString()).as(refuses.toString()).isEqualTo("refuses");
		assertThat(refuses.path("summary").asString())
			.startsWith("On a GPU strict would refuse aten._adaptive_avg_pool2d_backward.default (train.py:8).");
		JsonNode first = refuses.path("operators").get(0);
		assertThat(first.path("onGpu").asString()).isEqualTo("documented-to-refuse");
		assertThat(first.path("phase").asString()).isEqualTo("backward");
		assertThat(first.path("count").asInt()).isEqualTo(1);
		JsonNode passes = audit("nn.ReLU()");
		assertThat(passes.path("verdict").asString()).as(passes.toString()).isEqualTo("passes");
		assertThat(passes.path("incomplete")).isEmpty();
	}

	@Test
	void aRunThatWasNotAuditedHasNoAudit() throws IOException, InterruptedException {
		String run = this.client.succeeded(spec(""), Map.of("train.py", "print(1)"));
		this.client.problem("/runs/" + run + "/audit", 404);
		String without = this.client.succeeded(spec("\"audit\": true, "), Map.of("train.py", "print(1)"));
		JsonNode audit = this.client.get("/runs/" + without + "/audit");
		assertThat(audit.path("verdict").asString()).isEqualTo("unknown");
	}

	private JsonNode audit(String layer) throws IOException, InterruptedException {
		String run = this.client.succeeded(spec("\"audit\": true, "),
				Map.of("train.py", TRAIN.replace("LAYER", layer)));
		return this.client.get("/runs/" + run + "/audit");
	}

	private static String spec(String more) {
		return "{" + more + "\"seed\": 42, \"runtime\": {\"type\": \"python\", \"entrypoint\": \"train.py\"}}";
	}

}
