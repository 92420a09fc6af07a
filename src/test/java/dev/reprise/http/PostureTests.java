package dev.reprise.http;

import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

import dev.reprise.RepriseApplication;
import dev.reprise.service.Api;
import dev.reprise.service.ServiceTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

import org.springframework.boot.SpringApplication;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * Who may talk to the service, and what it shows of itself.
 */
@ServiceTest
class PostureTests {

	private final Api api;

	private final RequestMappingHandlerMapping mappings;

	PostureTests(Api api, RequestMappingHandlerMapping requestMappingHandlerMapping) {
		this.api = api;
		this.mappings = requestMappingHandlerMapping;
	}

	@ParameterizedTest
	@ValueSource(strings = { "evil.example", "evil.example:8080", "127.0.0.1.evil.example", "localhost.evil.example",
			"evil.example#localhost", "192.168.1.1", "0.0.0.0", "[::2]", "169.254.169.254", "localhost:8080:8080",
			"user@localhost", "" })
	void aForeignHostIsRefusedOnEveryAddress(String host) {
		for (String path : List.of("/api/v1/runs", "/api/v1/workers", "/actuator/health", "/v3/api-docs", "/nothing")) {
			String answer = this.api
				.raw("GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n");
			assertThat(answer).containsPattern("^HTTP/1.1 40[03]").doesNotContain("items", "\"status\":\"UP\"");
		}
		assertThat(this.api
			.raw("GET http://evil.example/api/v1/runs HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"))
			.containsPattern("^HTTP/1.1 40[03]");
		assertThat(this.api.raw("GET /api/v1/runs HTTP/1.0\r\n\r\n")).startsWith("HTTP/1.1 403");
	}

	@ParameterizedTest
	@ValueSource(strings = { "localhost", "LOCALHOST", "127.0.0.1", "[::1]" })
	void loopbackByAnyOfItsNamesIsServed(String name) {
		for (String host : List.of(name, name + ":" + this.api.port(), name + ":1")) {
			assertThat(this.api.raw("GET /api/v1/workers HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n"))
				.startsWith("HTTP/1.1 200");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "http://evil.example", "https://evil.example", "null", "http://localhost",
			"http://localhost:1", "https://127.0.0.1:PORT", "http://127.0.0.1:PORT.evil.example", "file://",
			"http://127.0.0.1:PORT/", "http://127.0.0.1:PORT http://evil.example" })
	void aForeignOriginChangesNothing(String origin) {
		String from = origin.replace("PORT", String.valueOf(this.api.port()));
		int before = runs();
		String spec = this.api.spec(Api.TRUE).toString();
		this.api
			.send(this.api.to("/api/v1/runs")
				.header("Content-Type", "application/json")
				.header("Origin", from)
				.POST(BodyPublishers.ofString(spec)))
			.isProblem(403);
		this.api.send(this.api.multipart().spec(spec).request().header("Origin", from)).isProblem(403);
		this.api
			.send(this.api.to("/api/v1/runs/00000000000000000000000000/cancel")
				.header("Origin", from)
				.POST(BodyPublishers.noBody()))
			.isProblem(403);
		this.api
			.send(this.api.to("/api/v1/blobs/" + "sha256:" + "0".repeat(64))
				.header("Origin", from)
				.PUT(BodyPublishers.ofString("x")))
			.isProblem(403);
		assertThat(runs()).isEqualTo(before);
	}

	@Test
	void theServicesOwnPagesMayChangeThings() {
		this.api
			.send(this.api.to("/api/v1/diffs")
				.header("Content-Type", "application/json")
				.header("Origin", "http://127.0.0.1:" + this.api.port())
				.POST(BodyPublishers.ofString("{}")))
			.isProblem(422);
	}

	@Test
	void noOtherSiteIsGivenLeaveToRead() {
		var answer = this.api.send(this.api.to("/api/v1/runs").header("Origin", "http://evil.example").GET()).is(200);
		assertThat(answer.response().headers().map().keySet())
			.noneMatch((name) -> name.toLowerCase(Locale.ROOT).startsWith("access-control-"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "--server.address=0.0.0.0", "--server.address=192.168.7.7", "--server.address=::",
			"--server.address=", "--management.server.port=0" })
	void itDoesNotStartWhereOthersReachIt(String property) {
		SpringApplication application = new SpringApplication(RepriseApplication.class);
		application.setRegisterShutdownHook(false);
		assertThatThrownBy(() -> application.run("--server.port=0", "--reprise.data=target/services/never", property))
			.hasMessageContaining("keys come with a later version")
			.isInstanceOf(NotLoopbackException.class)
			.hasMessageContaining("127.0.0.1");
		assertThat(Path.of("target", "services", "never")).doesNotExist();
	}

	@Test
	void actuatorShowsHealthAlone() {
		JsonNode health = this.api.get("/actuator/health").is(200).json();
		assertThat(health.path("status").asString()).isEqualTo("UP");
		assertThat(health.has("components")).isFalse();
		JsonNode links = this.api.get("/actuator").is(200).json().path("_links");
		assertThat(links.propertyNames()).allMatch((name) -> name.equals("self") || name.startsWith("health"));
	}

	@Test
	void theDescriptionOfTheApiNamesEveryRouteAndHasNoLooseEnds() {
		JsonNode description = this.api.get("/v3/api-docs").is(200).json();
		assertThat(description.path("openapi").asString()).startsWith("3.");
		assertThat(description.path("info").path("title").asString()).isNotBlank();
		assertThat(description.path("info").path("version").asString()).isNotBlank();
		List<String> missing = new ArrayList<>();
		Set<String> described = new HashSet<>();
		this.mappings.getHandlerMethods().forEach((info, method) -> {
			if (!method.getBeanType().getName().startsWith("dev.reprise")
					|| method.getBeanType().equals(ProblemErrorController.class)) {
				return;
			}
			for (String path : info.getPatternValues()) {
				info.getMethodsCondition().getMethods().forEach((verb) -> {
					String plain = path.replace("{*", "{");
					JsonNode operation = description.path("paths")
						.path(plain)
						.path(verb.name().toLowerCase(Locale.ROOT));
					described.add(plain);
					if (!operation.isObject()) {
						missing.add(verb + " " + plain);
					}
				});
			}
		});
		JsonNode schemas = description.path("components").path("schemas");
		assertThat(schemas.path("Attempt").path("properties").propertyNames()).contains("number", "ending");
		assertThat(schemas.path("Replay").path("properties").propertyNames()).contains("original", "verdict");
		assertThat(schemas.path("RunView").path("properties").path("spec").path("type").asString()).isEqualTo("object");
		assertThat(schemas.propertyNames()).doesNotContain("JsonNode", "ObjectNode", "View");
		assertThat(missing).isEmpty();
		assertThat(described).hasSizeGreaterThan(15);
		List<String> loose = new ArrayList<>();
		description.path("paths").properties().forEach((path) -> {
			path.getValue().properties().forEach((operation) -> {
				JsonNode content = operation.getValue();
				if (content.path("responses").isEmpty()) {
					loose.add("no responses: " + operation.getKey() + " " + path.getKey());
				}
				Set<String> named = new HashSet<>();
				content.path("parameters").forEach((parameter) -> {
					if (parameter.path("in").asString().equals("path")) {
						named.add(parameter.path("name").asString());
					}
				});
				Set<String> wanted = new HashSet<>();
				java.util.regex.Pattern.compile("\\{(\\w+)}")
					.matcher(path.getKey())
					.results()
					.forEach((match) -> wanted.add(match.group(1)));
				if (!named.equals(wanted)) {
					loose.add("path parameters " + named + " of " + operation.getKey() + " " + path.getKey());
				}
			});
		});
		references(description, description, loose);
		assertThat(loose).isEmpty();
		JsonNode submit = description.path("paths").path("/api/v1/runs").path("post").path("requestBody");
		assertThat(submit.path("content").propertyNames()).containsExactlyInAnyOrder("application/json",
				"multipart/form-data");
		assertThat(submit.path("description").asString()).isNotBlank();
		for (String path : List.of("/api/v1/diffs", "/api/v1/runs/{id}/replays")) {
			assertThat(description.path("paths")
				.path(path)
				.path("post")
				.path("requestBody")
				.path("content")
				.propertyNames()).containsExactly("application/json");
		}
		assertThat(description.path("paths")
			.path("/api/v1/blobs/{digest}")
			.path("put")
			.path("requestBody")
			.path("content")
			.propertyNames()).containsExactly("application/octet-stream");
	}

	private static void references(JsonNode node, JsonNode root, List<String> loose) {
		JsonNode reference = node.get("$ref");
		if (reference != null && reference.isString()
				&& root.at(reference.stringValue().substring(1)).isMissingNode()) {
			loose.add("loose reference " + reference);
		}
		node.forEach((child) -> references(child, root, loose));
	}

	private int runs() {
		return this.api.get("/api/v1/runs?limit=500").is(200).json().path("items").size();
	}

}
