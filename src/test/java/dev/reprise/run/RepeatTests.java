package dev.reprise.run;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import dev.reprise.artifact.DataFolder;
import dev.reprise.recipe.DeterminismMode;
import dev.reprise.run.spec.JobSpec;
import dev.reprise.run.spec.JobSpecJson;
import dev.reprise.service.Api;
import dev.reprise.service.ServiceTest;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.NullNode;
import tools.jackson.databind.node.StringNode;

import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Runs that the service makes from another, with what it watches or changes.
 */
@ServiceTest
class RepeatTests {

	private static final JsonMapper JSON = JsonMapper.shared();

	/**
	 * Puts out what its process was handed.
	 */
	private static final String TELLS = """
			{"type": "python", "command": ["sh", "-c", "cp $REPRISE_JOB $REPRISE_OUTPUT_DIR/job.json"]}""";

	private final Api api;

	private final Runs runs;

	private final Submissions submissions;

	private final TransactionTemplate transactions;

	private final DataFolder data;

	RepeatTests(Api api, Runs runs, Submissions submissions, TransactionTemplate transactions, DataFolder data) {
		this.api = api;
		this.runs = runs;
		this.submissions = submissions;
		this.transactions = transactions;
		this.data = data;
	}

	@Test
	void theProcessIsToldWhatIsWatchedAndClientsSeeIt() throws IOException {
		Run original = this.runs.get(ended(this.api.submit(this.api.spec(TELLS))));
		String zoomed = repeat(original, original.spec(), Watch.zoom(812));
		String flipped = repeat(original, original.spec(), Watch.flip(7, 3000));

		assertThat(job(original.id()).path("watch")).isEqualTo(JSON.readTree("""
				{"trace": {"every": 1, "tensors": "all", "budget": 1073741824}, "audit": false, "zoom": null,
				 "flip": null, "timing": false}"""));
		assertThat(job(zoomed).path("watch").path("zoom")).isEqualTo(JSON.readTree("{\"step\": 812}"));
		assertThat(job(flipped).path("watch").path("flip")).isEqualTo(JSON.readTree("{\"seed\": 7, \"steps\": 3000}"));
		assertThat(job(flipped).path("watch").path("zoom").isNull()).isTrue();

		assertThat(run(original.id()).path("watch").isNull()).isTrue();
		assertThat(run(flipped).path("watch")).isEqualTo(JSON.readTree("{\"flip\": {\"seed\": 7, \"steps\": 3000}}"));
		assertThat(run(flipped).path("replayOf").asString()).isEqualTo(original.id());
		assertThat(run(flipped).path("spec")).isEqualTo(run(original.id()).path("spec"));
		assertThat(JSON.readTree(file("runs/" + zoomed + "/end.json")).path("watch"))
			.isEqualTo(JSON.readTree("{\"zoom\": {\"step\": 812}}"));
		assertThat(JSON.readTree(file("rows/" + zoomed + ".run.json")).toString()).contains("\\\"step\\\":812");
	}

	@Test
	void aRepeatOfAWatchedRunIsPlain() {
		Run original = this.runs.get(ended(this.api.submit(this.api.spec(TELLS))));
		Run zoomed = this.runs.get(ended(repeat(original, original.spec(), Watch.zoom(0))));
		JsonNode replay = this.api.post("/api/v1/runs/" + zoomed.id() + "/replays", "{}").is(201).json();
		String again = replay.path("items").get(0).path("run").asString();
		assertThat(run(ended(again)).path("watch").isNull()).isTrue();
		assertThat(job(again).path("watch").path("zoom").isNull()).isTrue();
	}

	@Test
	void aKnobOtherThanTheModeHasItIsAskedOfTheProcessAndOfWhatRepeatsIt() throws IOException {
		Run original = this.runs.get(ended(this.api.submit(this.api.spec(TELLS).put("determinism", "strict"))));
		String counter = repeat(original, original.spec(), Watch.PLAIN
			.withKnobs(Map.of("MKL_CBWR", StringNode.valueOf("COMPATIBLE"), "TZ", NullNode.getInstance())));
		JsonNode asked = JSON.readTree("{\"knobs\": {\"MKL_CBWR\": \"COMPATIBLE\", \"TZ\": null}}");
		JsonNode recipe = job(counter).path("recipe");
		assertThat(recipe.path("otherwise")).isEqualTo(JSON.readTree("[\"MKL_CBWR\", \"TZ\"]"));
		assertThat(value(recipe, "MKL_CBWR")).isEqualTo("COMPATIBLE");
		assertThat(value(recipe, "TZ")).isNull();
		assertThat(value(job(original.id()).path("recipe"), "TZ")).isEqualTo("UTC");
		assertThat(job(counter).path("watch")).as("no harness watches it").isEqualTo(job(original.id()).path("watch"));
		assertThat(run(counter).path("watch")).isEqualTo(asked);
		assertThat(run(counter).path("spec")).isEqualTo(run(original.id()).path("spec"));
		assertThat(JSON.readTree(file("runs/" + counter + "/end.json")).path("watch")).isEqualTo(asked);
		assertThat(this.api.get("/api/v1/runs/" + counter + "/recipe").is(200).json().path("otherwise"))
			.isEqualTo(recipe.path("otherwise"));
		String again = this.api.post("/api/v1/runs/" + counter + "/replays", "{}")
			.is(201)
			.json()
			.path("items")
			.get(0)
			.path("run")
			.asString();
		assertThat(job(again).path("recipe")).isEqualTo(recipe);
		assertThat(run(again).path("watch")).isEqualTo(asked);
	}

	private static @Nullable String value(JsonNode recipe, String knob) {
		return recipe.path("knobs")
			.valueStream()
			.filter((one) -> one.path("name").asString("").equals(knob))
			.map((one) -> one.path("value").asString())
			.findFirst()
			.orElse(null);
	}

	@Test
	void aChangedSpecIsRunAndHasItsOwnRecipe() {
		Run original = this.runs.get(ended(this.api.submit(this.api.spec(TELLS).put("name", "threads"))));
		JobSpec changed = JobSpecJson.changed(original.spec(),
				(spec) -> spec.put("determinism", "seeded").withObjectProperty("resources").put("threads", 2));
		String counter = repeat(original, changed, Watch.PLAIN);
		ended(counter);
		assertThat(run(counter).path("spec").path("resources").path("threads").asInt()).isEqualTo(2);
		assertThat(run(counter).path("spec").path("name").asString()).isEqualTo("threads");
		assertThat(this.runs.get(counter).spec().determinism()).isEqualTo(DeterminismMode.SEEDED);
		assertThat(job(counter).path("recipe").path("threads").asInt()).isEqualTo(2);
		assertThat(job(counter).path("recipe").path("mode").asString()).isEqualTo("seeded");
		assertThat(job(counter).path("watch")).isEqualTo(job(original.id()).path("watch"));
	}

	@Test
	void aChangeThatNoSpecMayHaveIsRefused() {
		Run original = this.runs.get(this.api.submit(this.api.spec(Api.TRUE)));
		assertThatExceptionOfType(dev.reprise.http.RequestException.class).isThrownBy(() -> JobSpecJson
			.changed(original.spec(), (spec) -> spec.withObjectProperty("resources").put("threads", 0)));
		assertThatIllegalArgumentException().isThrownBy(() -> Watch.zoom(-1)).withMessageContaining("step");
		assertThatIllegalArgumentException().isThrownBy(() -> Watch.flip(1, 0)).withMessageContaining("steps");
	}

	private String repeat(Run original, JobSpec spec, Watch watch) {
		String id = Objects
			.requireNonNull(this.transactions.execute((status) -> this.submissions.repeat(original, spec, watch)));
		this.submissions.announce(List.of(id));
		return id;
	}

	private String ended(String id) {
		assertThat(this.api.ended(id).path("state").asString()).isEqualTo("SUCCEEDED");
		return id;
	}

	private JsonNode run(String id) {
		return this.api.get("/api/v1/runs/" + id).is(200).json();
	}

	private JsonNode job(String id) {
		return this.api.get("/api/v1/runs/" + ended(id) + "/artifacts/job.json").is(200).json();
	}

	private String file(String path) throws IOException {
		return Files.readString(this.data.runs().resolveSibling(path));
	}

}
