package dev.reprise.run;

import java.net.URLEncoder;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;

import dev.reprise.artifact.DataFolder;
import dev.reprise.artifact.Folders;
import dev.reprise.service.Answer;
import dev.reprise.service.Api;
import dev.reprise.service.ServiceTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.ObjectNode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Runs as they are listed and shown, with their logs and outputs.
 */
@ServiceTest
class RunRequestTests {

	private static final String UNKNOWN = "00000000000000000000000000";

	/**
	 * Writes to both logs, and outputs whose names want encoding.
	 */
	private static final String WRITES = """
			{"type": "python", "command": ["sh", "-c", "echo out; echo err >&2; cd $REPRISE_OUTPUT_DIR; mkdir -p 'a b/ü'; \
			echo 1 > plain.txt; echo 2 > 'a b/ü/50%;x=1+1&?#.txt'; echo 3 > page.html; echo 4 > p.svg"]}""";

	private final Api api;

	private final DataFolder data;

	private final Runs runs;

	RunRequestTests(Api api, DataFolder data, Runs runs) {
		this.api = api;
		this.runs = runs;
		this.data = data;
	}

	@Test
	void pagesNeitherSkipNorRepeatWhileRunsAreAdded() {
		ObjectNode spec = this.api.spec(Api.TRUE).put("name", "pages");
		List<String> made = new ArrayList<>();
		for (int i = 0; i < 7; i++) {
			made.add(this.api.submit(spec));
		}
		Collections.reverse(made);
		List<String> seen = new ArrayList<>();
		String next = "/api/v1/runs?name=pages&limit=2";
		while (next != null) {
			JsonNode page = this.api.get(next).is(200).json();
			page.path("items").forEach((run) -> seen.add(run.path("id").asString()));
			assertThat(page.path("items").size()).isLessThanOrEqualTo(2);
			next = page.path("next").isNull() ? null
					: "/api/v1/runs?name=pages&limit=2&cursor=" + page.path("next").asString();
			this.api.submit(spec);
		}
		assertThat(seen).isEqualTo(made);
	}

	@Test
	void forgedCursorsAreRefused() {
		for (String inside : List.of("", "x", "' or 1=1 --", "0".repeat(27), "ZZZZZZZZZZZZZZZZZZZZZZZZZZ",
				"0000000000000000000000000\n")) {
			String cursor = Base64.getUrlEncoder()
				.withoutPadding()
				.encodeToString(inside.getBytes(StandardCharsets.UTF_8));
			assertThat(this.api.get("/api/v1/runs?cursor=" + cursor).isProblem(422).fields()).containsExactly("cursor");
		}
		for (String cursor : List.of("%00", "a", "***", "x".repeat(5000))) {
			this.api.get("/api/v1/runs?cursor=" + cursor).isProblem(422);
		}
		String first = Base64.getUrlEncoder().withoutPadding().encodeToString(UNKNOWN.getBytes(StandardCharsets.UTF_8));
		assertThat(this.api.get("/api/v1/runs?cursor=" + first).is(200).json().path("items")).isEmpty();
	}

	@Test
	void limitsHaveBounds() {
		assertThat(this.api.get("/api/v1/runs?limit=1").is(200).json().path("items").size()).isLessThanOrEqualTo(1);
		this.api.get("/api/v1/runs?limit=500").is(200);
		for (String limit : List.of("0", "501", "-1", "1e2", "", "%20")) {
			int status = this.api.get("/api/v1/runs?limit=" + limit).status();
			assertThat(status).as("limit=%s", limit)
				.isIn(limit.isBlank() || limit.equals("%20") ? List.of(200, 422) : List.of(422));
		}
	}

	@Test
	void filtersSelectByStateNameAndLabel() {
		ObjectNode spec = this.api.spec(Api.TRUE).put("name", "filters a+b%");
		spec.putObject("labels").put("team", "vision:x").put("stage", "one");
		String one = this.api.submit(spec);
		String other = this.api.submit(this.api.spec(Api.TRUE).put("name", "filters other"));
		this.api.ended(one);
		this.api.ended(other);
		assertThat(ids("name=" + encode("filters a+b%"))).containsExactly(one);
		assertThat(ids("label=" + encode("team:vision:x"))).containsExactly(one);
		assertThat(ids("label=team:vision")).isEmpty();
		assertThat(ids("label=stage:one&name=" + encode("filters a+b%") + "&state=SUCCEEDED")).containsExactly(one);
		assertThat(ids("label=stage:one&state=succeeded")).containsExactly(one);
		assertThat(ids("label=stage:one&state=FAILED")).isEmpty();
		assertThat(ids("state=SUCCEEDED&limit=500")).contains(one, other);
		assertThat(ids("name=" + encode("%"))).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { UNKNOWN, "x", "1", "8zzzzzzzzzzzzzzzzzzzzzzzzz", "0000000000000000000000000O", "%27",
			"%0a", "..%3b", "%F0%9F%92%A9", "null", "0000000000000000000000000000" })
	void whatIsNoRunIs404Everywhere(String id) {
		for (String below : List.of("", "/spec", "/recipe", "/checklist", "/environment", "/operations", "/trace",
				"/attempts", "/logs", "/logs?stream=stdout", "/artifacts", "/artifacts/x", "/replays")) {
			this.api.get("/api/v1/runs/" + id + below).isProblem(404);
		}
		this.api.post("/api/v1/runs/" + id + "/cancel", "").isProblem(404);
		this.api.post("/api/v1/runs/" + id + "/replays", "{}").isProblem(404);
		this.api.post("/api/v1/runs/" + id + "/cost", "{}").isProblem(404);
		this.api.get("/api/v1/replays/" + id).isProblem(404);
		this.api.get("/api/v1/diffs/" + id).isProblem(404);
	}

	@Test
	void attemptsSayWhatWasTried() {
		String run = this.api.submit(this.api.spec(Api.TRUE));
		this.api.ended(run);
		JsonNode attempts = this.api.get("/api/v1/runs/" + run + "/attempts").is(200).json();
		assertThat(attempts.path("items").size()).isEqualTo(1);
		assertThat(attempts.path("items").get(0).path("number").asInt()).isEqualTo(1);
		assertThat(attempts.path("items").get(0).path("state").asString()).isEqualTo("ENDED");
		assertThat(attempts.path("next").isNull()).isTrue();
	}

	@Test
	void logsAreTextInOneOrByStreamWithRanges() {
		String run = this.api.submit(this.api.spec(WRITES));
		this.api.ended(run);
		String logs = "/api/v1/runs/" + run + "/logs";
		Answer both = this.api.get(logs).is(200);
		assertThat(both.text()).contains("out\n").contains("err\n");
		assertThat(both.header("Content-Type")).isEqualToIgnoringCase("text/plain;charset=UTF-8");
		assertThat(both.header("X-Content-Type-Options")).isEqualTo("nosniff");
		assertThat(this.api.get(logs + "?stream=stdout").is(200).text()).isEqualTo("out\n");
		assertThat(this.api.get(logs + "?stream=stderr").is(200).text()).isEqualTo("err\n");
		Answer part = this.api.send(this.api.to(logs + "?stream=stdout").header("Range", "bytes=1-").GET()).is(206);
		assertThat(part.text()).isEqualTo("ut\n");
		Answer none = this.api.send(this.api.to(logs + "?stream=stdout").header("Range", "bytes=4-").GET());
		assertThat(none.isProblem(416).header("Content-Range")).isEqualTo("bytes */4");
		assertThat(this.api.get(logs + "?stream=../../spec.json").isProblem(422).fields()).containsExactly("stream");
		this.api.get(logs + "?stream=").isProblem(422);
	}

	@Test
	void logsAreServedWhileTheirRunEnds() {
		for (int i = 0; i < 6; i++) {
			String run = this.api
				.submit(this.api.spec("{\"type\": \"python\", \"command\": [\"sh\", \"-c\", \"echo out\"]}"));
			String logs = "/api/v1/runs/" + run + "/logs";
			this.api.await("/api/v1/runs/" + run, (now) -> {
				assertThat(this.api.get(logs).status()).isEqualTo(200);
				Answer part = this.api.send(this.api.to(logs + "?stream=stdout").header("Range", "bytes=0-").GET());
				assertThat(part.status()).isIn(206, 416);
				assertThat("out\n").startsWith(part.status() == 206 ? part.text() : "");
				return now.path("state").asString().equals("SUCCEEDED");
			});
			assertThat(this.api.get(logs).is(200).text()).isEqualTo("out\n");
		}
	}

	@Test
	void parametersThatAreNotKnownOrAreThereTwiceAreNamed() {
		Answer answer = this.api.get("/api/v1/runs?stat=failed&limit=1&limit=2").isProblem(422);
		assertThat(answer.fields()).containsExactlyInAnyOrder("stat", "limit");
		assertThat(answer.said("stat")).contains("cursor, label, limit, name, state");
		assertThat(this.api.get("/api/v1/workers?x=1").isProblem(422).fields()).containsExactly("x");
		String run = this.api.submit(this.api.spec(Api.TRUE));
		this.api.ended(run);
		assertThat(this.api.get("/api/v1/runs/" + run + "/replays?limit=1").isProblem(422).fields())
			.containsExactly("limit");
	}

	@Test
	void noAttemptIsShownOfARunThatWaits() {
		ObjectNode all = this.api.spec(Api.SLEEP);
		all.withObject("resources").put("cpus", 2);
		String first = this.api.submit(all);
		String second = this.api.submit(this.api.spec(Api.TRUE));
		Run waits = this.runs.get(second);
		assertThat(waits.state()).isEqualTo(RunState.QUEUED);
		this.api.post("/api/v1/runs/" + first + "/cancel", "").is(202);
		this.api.ended(second);
		assertThat(this.runs.attempts(waits)).isEmpty();
		assertThat(this.runs.attempts(this.runs.get(second))).hasSize(1);
	}

	@Test
	void aRunWhoseRecordFolderWasRemovedIsNotGoodNews() throws Exception {
		String run = this.api.submit(this.api.spec(Api.TRUE));
		this.api.ended(run);
		Folders.remove(this.data.runs().resolve(run));
		for (String part : List.of("recipe", "checklist", "environment", "operations", "artifacts", "logs",
				"logs?stream=stdout", "artifacts/x")) {
			Answer answer = this.api.get("/api/v1/runs/" + run + "/" + part).isProblem(404);
			assertThat(answer.json().path("detail").asString()).as(part).contains("removed");
		}
		Answer diff = this.api.post("/api/v1/diffs", "{\"left\": \"" + run + "\", \"right\": \"" + run + "\"}");
		assertThat(diff.isProblem(404).json().path("detail").asString()).contains("removed");
		this.api.get("/api/v1/runs/" + run).is(200);
	}

	@Test
	void artifactsAreListedOnceTheRunHasEnded() {
		String run = this.api.submit(this.api.spec(Api.SLEEP));
		try {
			this.api.get("/api/v1/runs/" + run + "/artifacts").isProblem(409);
			this.api.get("/api/v1/runs/" + run + "/artifacts/x").isProblem(409);
		}
		finally {
			this.api.post("/api/v1/runs/" + run + "/cancel", "").is(202);
		}
		this.api.ended(run);
	}

	@Test
	void outputsAreFetchedByTheirPathsWhateverTheirNames() {
		String run = this.api.submit(this.api.spec(WRITES));
		this.api.ended(run);
		JsonNode outputs = this.api.get("/api/v1/runs/" + run + "/artifacts").is(200).json().path("outputs");
		assertThat(outputs.path("files").size()).isEqualTo(4);
		for (JsonNode file : outputs.path("files")) {
			String path = encode(file.path("path").asString()).replace("+", "%20").replace("%2F", "/");
			Answer answer = this.api.get("/api/v1/runs/" + run + "/artifacts/" + path).is(200);
			assertThat(answer.bytes().length).isEqualTo(file.path("size").asInt());
			assertThat(answer.header("ETag")).isEqualTo("\"" + file.path("digest").asString() + "\"");
			assertThat(answer.header("X-Content-Type-Options")).isEqualTo("nosniff");
			assertThat(answer.header("Content-Type")).isEqualTo("application/octet-stream");
			assertThat(answer.header("Content-Disposition")).startsWith("attachment;");
		}
		String plain = "/api/v1/runs/" + run + "/artifacts/plain.txt";
		assertThat(this.api.send(this.api.to(plain).header("Range", "bytes=0-0").GET()).is(206).text()).isEqualTo("1");
		this.api.send(this.api.to(plain).header("Range", "bytes=9-").GET()).is(416);
		this.api.send(this.api.to(plain).header("If-None-Match", this.api.get(plain).header("ETag")).GET()).is(304);
		this.api.send(this.api.to(plain).method("HEAD", BodyPublishers.noBody())).is(200);
		leaks(run);
	}

	private void leaks(String run) {
		String secret = encode(this.data.root().toString());
		for (String path : List.of("../spec.json", "%2e%2e/spec.json", "..%2fspec.json", "%2e%2e%2fspec.json",
				"%252e%252e%252fspec.json", "..%5cspec.json", "..\\spec.json", "%5c..%5cspec.json", "....//spec.json",
				"%00", "plain.txt%00", "plain.txt%00.png", "plain.txt%0a", "plain.txt%0d%0aX-Injected:%20x",
				"%c0%ae%c0%ae/spec.json", "%uff0e%uff0e/spec.json", "/etc/passwd", "%2fetc%2fpasswd", "//etc/passwd",
				"..;/spec.json", "..;x=y/spec.json", "plain.txt;x=y/../../spec", secret, "./plain.txt/", "", "%20",
				"../../" + UNKNOWN + "/artifacts/x", "plain.txt/", "PLAIN.TXT", "%2e/%2e/plain.txt/x", "*", "%2a")) {
			String answer = this.api.rawGet("/api/v1/runs/" + run + "/artifacts/" + path);
			assertThat(answer).as(path)
				.containsPattern("^HTTP/1.1 4\\d\\d")
				.doesNotContain("root:", "\"runtime\"", "X-Injected: x", "Exception", "<html");
		}
	}

	@Test
	void theRecordFolderOfARunIsNoArtifact() throws Exception {
		String run = this.api.submit(this.api.spec(Api.TRUE));
		this.api.ended(run);
		try (var files = Files.list(this.data.runs().resolve(run))) {
			for (var file : files.toList()) {
				this.api.get("/api/v1/runs/" + run + "/artifacts/" + file.getFileName()).isProblem(404);
			}
		}
	}

	@Test
	void aRunWithoutPythonHasNoEnvironmentRecordAndSaysSo() {
		String run = this.api.submit(this.api.spec(Api.TRUE));
		this.api.ended(run);
		this.api.get("/api/v1/runs/" + run + "/environment").isProblem(404);
		this.api.get("/api/v1/runs/" + run + "/recipe").is(200);
		this.api.get("/api/v1/runs/" + run + "/checklist").is(200);
		assertThat(this.api.get("/api/v1/runs/" + run + "/operations").is(200).json().path("items")).isEmpty();
	}

	private List<String> ids(String query) {
		List<String> ids = new ArrayList<>();
		this.api.get("/api/v1/runs?" + query)
			.is(200)
			.json()
			.path("items")
			.forEach((run) -> ids.add(run.path("id").asString()));
		return ids;
	}

	private static String encode(String text) {
		return URLEncoder.encode(text, StandardCharsets.UTF_8);
	}

}
