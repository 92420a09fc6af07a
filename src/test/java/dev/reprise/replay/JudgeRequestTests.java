package dev.reprise.replay;

import dev.reprise.service.Answer;
import dev.reprise.service.Api;
import dev.reprise.service.ServiceTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Requests for diffs and for replays.
 */
@ServiceTest
class JudgeRequestTests {

	private static final String UNKNOWN = "00000000000000000000000000";

	private final Api api;

	JudgeRequestTests(Api api) {
		this.api = api;
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
			compare              | 5
			compare              | []
			compare.ulps         | -1
			compare.ulps         | 1.5
			compare.ulps         | "1"
			compare.ulps         | 2147483648
			compare.rtol         | -1e-9
			compare.rtol         | 1e999
			compare.rtol         | "0.1"
			compare.rtol         | true
			compare.atol         | -0.5
			compare.atol         | 1e400
			compare.ignore       | "runs/**"
			compare.ignore[1]    | ["a", 5]
			compare.ignore[0]    | ["a\\u0000"]
			compare.strict       | true
			""")
	void whatIsWrongInAComparisonIsNamed(String path, String value) {
		String field = path.contains("[") ? path.substring(0, path.indexOf('[')) : path;
		String compare = field.equals("compare") ? value
				: "{\"" + field.substring(field.indexOf('.') + 1) + "\": " + value + "}";
		String diff = "{\"left\": \"" + UNKNOWN + "\", \"right\": \"" + UNKNOWN + "\", \"compare\": " + compare + "}";
		assertThat(this.api.post("/api/v1/diffs", diff).isProblem(422).fields()).containsExactly("$." + path);
		String replay = "{\"compare\": " + compare + "}";
		assertThat(this.api.post("/api/v1/runs/" + UNKNOWN + "/replays", replay).isProblem(422).fields())
			.containsExactly("$." + path);
	}

	@Test
	void patternsToIgnoreAreBounded() {
		String many = "\"**/*\", ".repeat(5000) + "\"a\"";
		String diff = "{\"left\": \"" + UNKNOWN + "\", \"right\": \"" + UNKNOWN + "\", \"compare\": {\"ignore\": [";
		this.api.post("/api/v1/diffs", diff + many + "]}}").isProblem(422);
		this.api.post("/api/v1/diffs", diff + "\"" + "*".repeat(300) + "\"]}}").isProblem(422);
		this.api.post("/api/v1/diffs", diff + "\"\"]}}").isProblem(422);
	}

	@Test
	void everythingThatIsWrongInADiffIsNamedAtOnce() {
		assertThat(this.api
			.post("/api/v1/diffs", "{\"left\": 5, \"compare\": {\"ulps\": -1, \"rtol\": -1, \"x\": 1}, \"y\": 1}")
			.isProblem(422)
			.fields())
			.containsExactlyInAnyOrder("$.left", "$.right", "$.compare.ulps", "$.compare.rtol", "$.compare.x", "$.y");
		this.api.post("/api/v1/diffs", "{\"left\": \"" + UNKNOWN + "\", \"right\": \"" + UNKNOWN + "\"}")
			.isProblem(404);
		this.api.post("/api/v1/diffs", "{\"left\": \"../x\", \"right\": \"' or 1=1\"}").isProblem(404);
	}

	@ParameterizedTest
	@CsvSource({ "0", "-1", "101", "1.5", "'\"2\"'", "true", "99999999999999999999" })
	void aCountOfReplaysOutOfRangeIsNamed(String count) {
		assertThat(this.api.post("/api/v1/runs/" + UNKNOWN + "/replays", "{\"count\": " + count + "}")
			.isProblem(422)
			.fields()).containsExactly("$.count");
	}

	@Test
	void whatHasNotEndedIsNeitherComparedNorReplayed() {
		String done = this.api.submit(this.api.spec(Api.TRUE));
		this.api.ended(done);
		String run = this.api.submit(this.api.spec(Api.SLEEP));
		try {
			this.api.post("/api/v1/diffs", pair(done, run)).isProblem(409);
			this.api.post("/api/v1/diffs", pair(run, done)).isProblem(409);
			this.api.post("/api/v1/runs/" + run + "/replays", "{}").isProblem(409);
			assertThat(this.api.get("/api/v1/runs/" + run + "/replays").is(200).json().path("items")).isEmpty();
		}
		finally {
			this.api.post("/api/v1/runs/" + run + "/cancel", "").is(202);
		}
		this.api.ended(run);
	}

	@Test
	void whatWasNeverStartedHasNothingToCompare() {
		String held = this.api.submit(this.api.spec(Api.SLEEP)
			.put("priority", 50)
			.set("resources", this.api.spec(Api.TRUE).withObjectProperty("resources").deepCopy().put("cpus", 2)));
		this.api.await("/api/v1/runs/" + held, (now) -> now.path("state").asString().equals("RUNNING"));
		String never = this.api.submit(this.api.spec(Api.TRUE));
		this.api.post("/api/v1/runs/" + never + "/cancel", "").is(202);
		this.api.post("/api/v1/runs/" + held + "/cancel", "").is(202);
		this.api.ended(held);
		this.api.post("/api/v1/diffs", pair(held, never)).isProblem(409);
	}

	@Test
	void aDiffIsKeptByItsRunsAndItsComparison() {
		String left = this.api.submit(this.api.spec(Api.TRUE));
		String right = this.api.submit(this.api.spec(Api.TRUE));
		this.api.ended(left);
		this.api.ended(right);
		Answer first = this.api.post("/api/v1/diffs", pair(left, right)).is(200);
		assertThat(first.header("Location")).isEqualTo("/api/v1/diffs/" + first.id());
		assertThat(this.api.post("/api/v1/diffs", pair(left, right)).is(200).id()).isEqualTo(first.id());
		assertThat(this.api.post("/api/v1/diffs", pair(right, left)).is(200).id()).isNotEqualTo(first.id());
		assertThat(this.api.get("/api/v1/diffs/" + first.id()).is(200).json().path("verdict").asString())
			.isEqualTo(first.json().path("verdict").asString())
			.isNotEmpty();
	}

	@Test
	void aReplayIsJudgedOnceItsRunHasEnded() {
		String run = this.api.submit(this.api
			.spec("{\"type\": \"python\", \"command\": [\"sh\", \"-c\", \"echo same > $REPRISE_OUTPUT_DIR/x.txt\"]}"));
		this.api.ended(run);
		JsonNode replay = this.api.post("/api/v1/runs/" + run + "/replays", "{}").is(201).json().path("items").get(0);
		JsonNode done = this.api.await("/api/v1/replays/" + replay.path("id").asString(),
				(now) -> now.path("state").asString().equals("DONE"));
		assertThat(done.path("original").asString()).isEqualTo(run);
		assertThat(done.path("verdict").asString()).isNotEmpty();
		JsonNode diff = this.api.get("/api/v1/diffs/" + done.path("diff").asString()).is(200).json();
		assertThat(diff.path("verdict")).isEqualTo(done.path("verdict"));
		assertThat(diff.path("left").asString()).isEqualTo(run);
		JsonNode repeat = this.api.get("/api/v1/runs/" + done.path("run").asString()).is(200).json();
		assertThat(repeat.path("replayOf").asString()).isEqualTo(run);
		assertThat(repeat.path("spec")).isEqualTo(this.api.get("/api/v1/runs/" + run).json().path("spec"));
		assertThat(this.api.get("/api/v1/runs/" + run + "/replays").json().path("items").get(0)).isEqualTo(done);
	}

	private static String pair(String left, String right) {
		return "{\"left\": \"" + left + "\", \"right\": \"" + right + "\"}";
	}

}
