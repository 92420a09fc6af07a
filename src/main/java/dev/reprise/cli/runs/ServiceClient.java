package dev.reprise.cli.runs;

import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.stream.Collectors;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Asks a service, with bounds on what it answers.
 */
final class ServiceClient {

	/**
	 * Largest answer that is read as JSON, in bytes.
	 */
	private static final int MAX_JSON = 64 << 20;

	private static final Duration CONNECT = Duration.ofSeconds(10);

	private static final Duration POLL = Duration.ofMillis(200);

	private final HttpClient http = HttpClient.newBuilder()
		.version(HttpClient.Version.HTTP_1_1)
		.connectTimeout(CONNECT)
		.build();

	private final String server;

	ServiceClient(String server) {
		this.server = server;
	}

	/**
	 * Gets something; to be closed.
	 * @param path below {@code /api/v1}
	 * @throws UnreadableRunException if the service does not give it
	 */
	InputStream open(String path) throws IOException, InterruptedException, UnreadableRunException {
		return send(HttpRequest.newBuilder(uri(path)).GET().build()).body();
	}

	JsonNode json(String path) throws IOException, InterruptedException, UnreadableRunException {
		try (InputStream in = open(path)) {
			return json(in);
		}
	}

	/**
	 * The diff of two runs, waited for.
	 */
	JsonNode diff(String request) throws IOException, InterruptedException, UnreadableRunException {
		HttpResponse<InputStream> answer = send(HttpRequest.newBuilder(uri("/diffs"))
			.header("Content-Type", "application/json")
			.POST(HttpRequest.BodyPublishers.ofString(request))
			.build());
		JsonNode diff;
		try (InputStream in = answer.body()) {
			diff = json(in);
		}
		while (!diff.has("verdict")) {
			Thread.sleep(POLL);
			diff = json("/diffs/" + encode(diff.path("id").asString()));
		}
		return diff;
	}

	private URI uri(String path) throws UnreadableRunException {
		try {
			return URI.create(this.server + "/api/v1" + path);
		}
		catch (IllegalArgumentException ex) {
			throw new UnreadableRunException(this.server + " is no address; give one such as http://127.0.0.1:8080");
		}
	}

	private HttpResponse<InputStream> send(HttpRequest request)
			throws IOException, InterruptedException, UnreadableRunException {
		HttpResponse<InputStream> answer;
		try {
			answer = this.http.send(request, HttpResponse.BodyHandlers.ofInputStream());
		}
		catch (ConnectException ex) {
			throw new UnreadableRunException("no service answers at " + this.server
					+ "; start one by ./reprise serve, or say by --server where it is");
		}
		if (answer.statusCode() >= 300) {
			try (InputStream in = answer.body()) {
				throw new UnreadableRunException(this.server + " answered " + answer.statusCode() + " to "
						+ request.uri().getPath() + words(in));
			}
		}
		return answer;
	}

	private static String words(InputStream in) throws IOException {
		try {
			JsonNode problem = JsonMapper.shared().readTree(in.readNBytes(64 * 1024));
			String detail = problem.path("detail").asString("");
			JsonNode errors = problem.path("errors");
			return detail.isEmpty() ? "" : ": " + detail + (errors.isEmpty() ? "" : " " + errors);
		}
		catch (JacksonException ex) {
			return "";
		}
	}

	private JsonNode json(InputStream in) throws IOException, UnreadableRunException {
		byte[] bytes = in.readNBytes(MAX_JSON + 1);
		if (bytes.length > MAX_JSON) {
			throw new UnreadableRunException(this.server + " answered with more than " + MAX_JSON + " bytes");
		}
		try {
			return JsonMapper.shared().readTree(bytes);
		}
		catch (JacksonException ex) {
			throw new UnreadableRunException(this.server + " answers no JSON; is it a service of Reprise?");
		}
	}

	/**
	 * A path as it stands in an address.
	 */
	static String encode(String path) {
		return Arrays.stream(path.split("/", -1))
			.map((name) -> URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20"))
			.collect(Collectors.joining("/"));
	}

}
