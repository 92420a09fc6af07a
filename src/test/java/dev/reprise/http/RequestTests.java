package dev.reprise.http;

import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

import dev.reprise.service.Answer;
import dev.reprise.service.Api;
import dev.reprise.service.ServiceTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What holds for every request, whatever it asks for.
 */
@ServiceTest
@ExtendWith(OutputCaptureExtension.class)
class RequestTests {

	private static final List<String> JSON_ROUTES = List.of("/api/v1/runs", "/api/v1/diffs",
			"/api/v1/runs/00000000000000000000000000/replays");

	private final Api api;

	RequestTests(Api api) {
		this.api = api;
	}

	@ParameterizedTest
	@ValueSource(strings = { "application/yaml", "application/x-yaml", "text/plain", "application/problem+json",
			"application/json;charset=latin1", "application/json;charset=utf-16", "application/json;charset=no-such",
			"application/x-www-form-urlencoded", "text/json", "application/*", "a", "*/*" })
	void everyOtherContentTypeThanJsonIsRefusedBeforeAnythingElse(String type) {
		for (String route : JSON_ROUTES) {
			Answer answer = this.api.post(route, type, "{broken".getBytes(StandardCharsets.UTF_8)).isProblem(415);
			assertThat(answer.json().path("detail").asString()).contains("application/json");
		}
	}

	@Test
	void aBodyWithoutContentTypeIsRefused() {
		for (String route : JSON_ROUTES) {
			this.api.send(this.api.to(route).POST(BodyPublishers.ofString("{}"))).isProblem(415);
		}
	}

	@Test
	void partsAreRefusedWhereNoneAreTaken() {
		for (String route : JSON_ROUTES.subList(1, 3)) {
			this.api.post(route, "multipart/form-data; boundary=x", "--x--".getBytes(StandardCharsets.UTF_8))
				.isProblem(415);
		}
	}

	@Test
	void jsonInUtf8MayBeNamedSo() {
		this.api.post("/api/v1/diffs", "application/json;charset=UTF-8", "{}".getBytes(StandardCharsets.UTF_8))
			.isProblem(422);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", " ", "[]", "null", "5", "\"text\"", "{", "{} {}", "{},", "{}]", "{\"seed\": NaN}",
			"{\"seed\": 1, \"seed\": 1}", "{\"resources\": {\"cpus\": 1, \"cpus\": 2}}", "{'seed': 1}",
			"{\"seed\": 01}", "{\"seed\": +1}", "{\"seed\": Infinity}", "{/* no */}", "{\"a\": \"\u0000\"}",
			"{\"a\": \"\n\"}", "{\"seed\": 1,}", "<seed>1</seed>" })
	void whatIsNoSingleJsonObjectIsRefused(String body) {
		for (String route : JSON_ROUTES) {
			this.api.post(route, body).isProblem(400);
		}
	}

	@Test
	void depthAndLengthOfJsonAreBounded() {
		String deep = "{\"a\":".repeat(100_000) + "1" + "}".repeat(100_000);
		this.api.post("/api/v1/runs", deep.substring(0, 400_000)).isProblem(400);
		this.api.post("/api/v1/runs", "{\"labels\": " + "[".repeat(50) + "]".repeat(50) + "}").isProblem(400);
		this.api.post("/api/v1/runs", "{\"seed\": " + "1".repeat(100_000) + "}").isProblem(400);
		this.api.post("/api/v1/runs", "{\"" + "n".repeat(100_000) + "\": 1}").isProblem(400);
	}

	@Test
	void aBodyOfTenMebibytesIsRefusedAndTheClientReadsWhy() {
		String body = "{\"name\": \"" + "x".repeat(10 << 20) + "\"}";
		for (String route : JSON_ROUTES) {
			this.api.post(route, body).isProblem(413);
		}
	}

	@Test
	void jsonIsUtf8AndNothingElse() {
		String body = "{\"name\": \"é\"}";
		for (var charset : List.of(StandardCharsets.ISO_8859_1, StandardCharsets.UTF_16, StandardCharsets.UTF_16LE,
				StandardCharsets.UTF_32BE)) {
			this.api.post("/api/v1/runs", "application/json", body.getBytes(charset)).isProblem(400);
		}
		Answer mark = this.api.post("/api/v1/runs", "\ufeff{}").isProblem(400);
		assertThat(mark.json().path("detail").asString()).contains("byte order mark");
		byte[] overlong = { '{', '"', (byte) 0xc0, (byte) 0xaf, '"', ':', '1', '}' };
		this.api.post("/api/v1/runs", "application/json", overlong).isProblem(400);
	}

	@ParameterizedTest
	@CsvSource({ "PUT,/api/v1/runs", "DELETE,/api/v1/runs", "PATCH,/api/v1/runs/x", "POST,/api/v1/runs/x",
			"GET,/api/v1/diffs", "GET,/api/v1/runs/x/cancel", "POST,/api/v1/workers", "DELETE,/api/v1/blobs/x",
			"POST,/api/v1/runs/x/artifacts", "BREW,/api/v1/runs" })
	void aWrongMethodIsNamedWithThoseThatAreRight(String method, String path) {
		Answer answer = this.api.send(this.api.to(path).method(method, BodyPublishers.noBody())).isProblem(405);
		assertThat(answer.header("Allow")).isNotBlank();
		assertThat(answer.json().path("detail").asString()).contains("it takes ");
	}

	@ParameterizedTest
	@ValueSource(strings = { "/", "/nothing", "/api", "/api/v1", "/api/v1/", "/api/v1/runs/", "/api/v2/runs", "/error",
			"/h2-console", "/h2-console/", "/swagger-ui.html", "/actuator/env", "/actuator/beans", "/actuator/heapdump",
			"/actuator/loggers", "/actuator/shutdown", "/actuator/metrics", "/application.yaml", "/favicon.ico",
			"/WEB-INF/web.xml", "/META-INF/MANIFEST.MF", "/api/v1/runs/x/secrets" })
	void anAddressWithNothingAtItIsAProblemForBrowsersToo(String path) {
		this.api.get(path).isProblem(404);
		this.api.send(this.api.to(path).header("Accept", "text/html,application/xhtml+xml,*/*;q=0.8").GET())
			.isProblem(404);
		this.api.send(this.api.to(path).header("Accept", "text/html").GET()).isProblem(404);
	}

	@Test
	void headAndOptionsAnswerWithoutABody() {
		Answer head = this.api.send(this.api.to("/api/v1/runs").method("HEAD", BodyPublishers.noBody())).is(200);
		assertThat(head.bytes()).isEmpty();
		Answer options = this.api.send(this.api.to("/api/v1/runs").method("OPTIONS", BodyPublishers.noBody())).is(200);
		assertThat(options.header("Allow")).contains("GET", "POST", "HEAD");
		assertThat(options.header("Access-Control-Allow-Origin")).isEmpty();
		assertThat(this.api.raw("TRACE /api/v1/runs HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"))
			.startsWith("HTTP/1.1 405");
	}

	@Test
	void anAnswerInAnotherFormThanJsonIsNotToBeHad() {
		for (String accept : List.of("application/xml", "application/yaml", "application/x-yaml", "text/html",
				"image/png")) {
			this.api.send(this.api.to("/api/v1/workers").header("Accept", accept).GET()).isProblem(406);
		}
		this.api.send(this.api.to("/api/v1/workers").header("Accept", "nonsense").GET()).isProblem(406);
	}

	@ParameterizedTest
	@ValueSource(strings = { "/api/v1/runs/%", "/api/v1/runs/%zz", "/api/v1/runs/%2f", "/api/v1/runs/%5c",
			"/api/v1/runs\\x", "/api/v1/runs/%00", "/../../etc/passwd", "/api/v1/runs/{x}", "/api/v1/runs/%c0%ae",
			"/api/v1/runs/%ff" })
	void anAddressThatIsMalformedIsAProblem(String path) {
		String answer = this.api.rawGet(path);
		assertThat(answer).containsPattern("^HTTP/1.1 (400|404)").doesNotContain("<html", "Tomcat", "Exception");
		assertThat(answer.toLowerCase(Locale.ROOT)).contains("application/problem+json", "\"detail\":");
	}

	@ParameterizedTest
	@ValueSource(strings = { "limit=0", "limit=-1", "limit=501", "limit=x", "limit=1.5", "limit=99999999999",
			"limit=%00", "cursor=x", "cursor=%0a", "cursor=..%2f", "state=NONE", "state=%27%20or%201=1", "label=x",
			"label=:x" })
	void parametersOutOfRangeAreNamed(String query) {
		Answer answer = this.api.get("/api/v1/runs?" + query).isProblem(422);
		assertThat(answer.fields()).containsExactly(query.substring(0, query.indexOf('=')));
	}

	@Test
	void anAddressThatIsNotThereIsNoMatterForTheLog(CapturedOutput output) {
		Answer answer = this.api.get("/api/v1/nothing").isProblem(404);
		assertThat(answer.json().path("instance").asString()).isEqualTo("/api/v1/nothing");
		assertThat(output.getAll()).doesNotContain("Exception", "WARN");
	}

	@Test
	void whatComesFromOutsideBeginsNoLineOfTheLog(CapturedOutput output) {
		String forged = "x\n2020-01-01T00:00:00.000Z ERROR Forged the log is forged";
		this.api.post("/api/v1/runs", "{\"name\": \"" + forged + "\"}");
		this.api.post("/api/v1/runs", "{\"name\": \"" + forged.replace("\n", "\\n") + "\"}");
		this.api.get("/api/v1/runs?name=x%0a2020-01-01T00:00:00.000Z%20ERROR%20Forged%20the%20log%20is%20forged");
		this.api.get("/api/v1/runs/x%0d%0a2020-01-01T00:00:00.000Z%20ERROR%20Forged");
		org.slf4j.LoggerFactory.getLogger("dev.reprise.Test")
			.error("said: {}", forged, new IllegalStateException(forged));
		assertThat(output.getAll()).contains("Forged").doesNotContainPattern("(?m)^2020-01-01");
		assertThat(output.getAll()).containsPattern("(?m)^\tat dev\\.reprise");
	}

}
