package dev.reprise.replay;

import java.net.http.HttpRequest;
import java.util.ArrayList;
import java.util.List;

import dev.reprise.service.Answer;
import dev.reprise.service.Api;
import dev.reprise.service.ServiceTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

/**
 * Requests for certificates, controls and costs, with jobs that are no Python.
 */
@ServiceTest
class CertificateRequestTests {

	private static final String SAME = "{\"type\": \"python\", \"command\": [\"sh\", \"-c\","
			+ " \"echo same > $REPRISE_OUTPUT_DIR/x.txt\"]}";

	private final Api api;

	CertificateRequestTests(Api api) {
		this.api = api;
	}

	@Test
	void replaysAreCertifiedTogether() {
		String run = ended(this.api.spec(SAME));
		JsonNode nothing = this.api.get("/api/v1/runs/" + run + "/replays").is(200).json();
		assertThat(nothing.path("certificate").path("upperBound95").asDouble()).isEqualTo(1);
		replay(run, "{\"count\": 2}");
		replay(run, "{\"busy\": true}");
		JsonNode all = judged(run);
		assertThat(all.path("items").size()).isEqualTo(3);
		JsonNode certificate = all.path("certificate");
		assertThat(certificate.path("identical").asInt()).as(all.toPrettyString()).isEqualTo(3);
		assertThat(certificate.path("upperBound95").asDouble()).isCloseTo(0.63159685013596, within(1e-9));
		assertThat(certificate.path("statement").asString())
			.startsWith("3 of 3 replays identical, on these machines, under these loads:")
			.endsWith("at most 63.2 %.");
		assertThat(certificate.path("machinesUnknown").asInt()).as("no Python, no record").isEqualTo(3);
		JsonNode busy = all.path("items").get(2);
		assertThat(busy.path("busy").asBoolean()).isTrue();
		assertThat(busy.path("ranBeside").asString()).isEqualTo("beside a busy job");
		assertThat(busy.path("reason").isNull()).isTrue();
		assertThat(texts(certificate.path("loads"))).contains("beside a busy job")
			.isSubsetOf("alone", "beside other runs", "beside a busy job");
		JsonNode watched = this.api.get("/api/v1/runs/" + busy.path("run").asString()).json().path("watch");
		assertThat(watched.toString()).isEqualTo("{\"busy\":true}");
	}

	@Test
	void whatRanAtTheSameTimeIsSaid() {
		String run = ended(this.api.spec(SAME));
		ObjectNode slow = this.api.spec(Api.SLEEP);
		String other = this.api.submit(slow);
		try {
			this.api.await("/api/v1/runs/" + other, (now) -> now.path("state").asString().equals("RUNNING"));
			replay(run, "{}");
			assertThat(judged(run).path("items").get(0).path("ranBeside").asString()).isEqualTo("beside other runs");
		}
		finally {
			this.api.post("/api/v1/runs/" + other + "/cancel", "").is(202);
		}
	}

	@Test
	void aControlNeedsATraceWithSteps() {
		String none = ended(this.api.spec(SAME));
		assertThat(this.api.post("/api/v1/runs/" + none + "/replays", "{\"control\": true}").isProblem(409).text())
			.contains("made no steps");
		ObjectNode off = this.api.spec(SAME);
		off.put("trace", "off");
		String without = ended(off);
		assertThat(this.api.post("/api/v1/runs/" + without + "/replays", "{\"control\": true}").isProblem(409).text())
			.contains("has no trace");
		ObjectNode sum = this.api.spec(SAME);
		sum.putObject("trace").put("tensors", "sum");
		String summed = ended(sum);
		assertThat(this.api.post("/api/v1/runs/" + summed + "/replays", "{\"control\": true}").isProblem(409).text())
			.contains("one column for all parameters");
		assertThat(this.api.get("/api/v1/runs/" + none + "/replays").json().path("items")).isEmpty();
	}

	@ParameterizedTest
	@CsvSource({ "control, 1", "control, '\"yes\"'", "busy, 0", "load, true" })
	void whatIsWrongInARequestForReplaysIsNamed(String field, String value) {
		String run = ended(this.api.spec(Api.TRUE));
		assertThat(this.api.post("/api/v1/runs/" + run + "/replays", "{\"" + field + "\": " + value + "}")
			.isProblem(422)
			.fields()).containsExactly("$." + field);
	}

	@Test
	void aCostIsMeasuredInTurnsAndByTheWholeRunWhereThereAreNoSteps() {
		ObjectNode spec = this.api.spec(SAME);
		spec.put("determinism", "strict");
		String run = ended(spec);
		var answer = this.api.post("/api/v1/runs/" + run + "/cost", "{\"rounds\": 2}").is(202);
		assertThat(answer.header("Location")).isEqualTo("/api/v1/costs/" + answer.id());
		assertThat(answer.json().path("state").asString()).isEqualTo("PENDING");
		JsonNode cost = this.api.await("/api/v1/costs/" + answer.id(),
				(now) -> !now.path("state").asString().equals("PENDING"));
		assertThat(cost.path("state").asString()).as(cost.toPrettyString()).isEqualTo("DONE");
		assertThat(texts(cost.path("arms").valueStream().map((arm) -> arm.path("arm")).toList()))
			.containsExactly("traced", "recipe", "plain");
		assertThat(cost.path("ratios").size()).isEqualTo(3);
		for (JsonNode arm : cost.path("arms")) {
			assertThat(arm.path("runs").size()).isEqualTo(2);
			assertThat(arm.path("secondsPerStep").isNull()).isTrue();
			JsonNode whole = arm.path("seconds");
			assertThat(whole.path("min").asDouble()).isPositive();
			assertThat(whole.path("median").asDouble()).isBetween(whole.path("min").asDouble(),
					whole.path("max").asDouble());
			for (JsonNode one : arm.path("runs")) {
				JsonNode made = this.api.get("/api/v1/runs/" + one.path("run").asString()).json();
				assertThat(made.path("replayOf").asString()).isEqualTo(run);
				assertThat(made.path("watch").toString()).isEqualTo("{\"timing\":true}");
				boolean traced = made.path("spec").path("trace").isObject();
				assertThat(traced).isEqualTo(arm.path("arm").asString().equals("traced"));
				assertThat(made.path("spec").path("determinism").asString())
					.isEqualTo(arm.path("arm").asString().equals("plain") ? "off" : "strict");
			}
		}
		assertThat(cost.path("statement").asString()).startsWith("It made too few steps to time them.")
			.contains("with recipe and trace", "with the recipe alone");
		List<String> order = cost.path("arms")
			.valueStream()
			.flatMap((arm) -> arm.path("runs").valueStream())
			.map((one) -> one.path("run").asString())
			.sorted()
			.toList();
		assertThat(order.get(0)).as("they take turns")
			.isEqualTo(cost.path("arms").get(0).path("runs").get(0).path("run").asString());
		assertThat(order.get(3)).isEqualTo(cost.path("arms").get(0).path("runs").get(1).path("run").asString());
		assertThat(order.get(5)).isEqualTo(cost.path("arms").get(2).path("runs").get(1).path("run").asString());
	}

	@Test
	void aMeasurementEndsWhereOneOfItsRunsDoesNotSucceed() {
		String run = ended(this.api.spec("{\"type\": \"python\", \"command\": [\"sh\", \"-c\","
				+ " \"if grep -q '[t]iming. : true' /workspace/job.json; then sleep 600; fi\"]}"));
		String cost = this.api.post("/api/v1/runs/" + run + "/cost", "{}").is(202).id();
		JsonNode first = this.api.get("/api/v1/costs/" + cost).json().path("arms").get(0).path("runs").get(0);
		this.api.post("/api/v1/runs/" + first.path("run").asString() + "/cancel", "").is(202);
		JsonNode ended = this.api.await("/api/v1/costs/" + cost,
				(now) -> !now.path("state").asString().equals("PENDING"));
		assertThat(ended.path("state").asString()).isEqualTo("FAILED");
		assertThat(ended.path("reason").asString()).contains(first.path("run").asString(), "CANCELLED");
	}

	@Test
	void whatCannotBeMeasuredIsRefusedWithTheMend() {
		ObjectNode neither = this.api.spec(Api.TRUE);
		neither.put("trace", "off");
		String run = ended(neither);
		assertThat(this.api.post("/api/v1/runs/" + run + "/cost", "{}").isProblem(409).text())
			.contains("neither a recipe");
		String failed = ended(this.api.spec("{\"type\": \"python\", \"command\": [\"false\"]}"));
		this.api.post("/api/v1/runs/" + failed + "/cost", "{}").isProblem(409);
		assertThat(this.api.post("/api/v1/runs/" + run + "/cost", "{\"rounds\": 11, \"x\": 1}").isProblem(422).fields())
			.containsExactlyInAnyOrder("$.rounds", "$.x");
		this.api.get("/api/v1/costs/00000000000000000000000000").isProblem(404);
	}

	@Test
	void aRequestWithAKeyTakesEffectOnce() {
		String run = ended(this.api.spec(SAME));
		String key = "cost-of-" + run;
		String once = keyed("/api/v1/runs/" + run + "/cost", key).id();
		assertThat(keyed("/api/v1/runs/" + run + "/cost", key).id()).isEqualTo(once);
		this.api.await("/api/v1/costs/" + once, (now) -> !now.path("state").asString().equals("PENDING"));
	}

	private Answer keyed(String path, String key) {
		return this.api
			.send(this.api.to(path)
				.header("Content-Type", "application/json")
				.header("Idempotency-Key", key)
				.POST(HttpRequest.BodyPublishers.ofString("{\"rounds\": 1}")))
			.is(202);
	}

	private String ended(ObjectNode spec) {
		String run = this.api.submit(spec);
		this.api.ended(run);
		return run;
	}

	private void replay(String run, String request) {
		this.api.post("/api/v1/runs/" + run + "/replays", request).is(201);
	}

	private JsonNode judged(String run) {
		return this.api.await("/api/v1/runs/" + run + "/replays",
				(now) -> now.path("certificate").path("pending").asInt() == 0);
	}

	private static List<String> texts(Iterable<JsonNode> nodes) {
		List<String> texts = new ArrayList<>();
		nodes.forEach((node) -> texts.add(node.asString()));
		return texts;
	}

}
