package dev.reprise.acceptance;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

import dev.reprise.artifact.Bounds;
import dev.reprise.artifact.tar.TarEntry;
import dev.reprise.artifact.tar.TarReader;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A client that knows nothing of the service but its API.
 */
final class Client {

	private static final Set<String> FINAL = Set.of("SUCCEEDED", "FAILED", "CANCELLED");

	private final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

	private final String base;

	Client(String address) {
		this.base = address + "/api/v1";
	}

	/**
	 * Submits code as multipart parts.
	 * @return the id of the run
	 */
	String submit(String spec, Map<String, String> code) throws IOException, InterruptedException {
		return submit(spec, code, null);
	}

	/**
	 * Submits code as multipart parts, with an {@code Idempotency-Key} where there is
	 * one.
	 * @return the id of the run
	 */
	String submit(String spec, Map<String, String> code, @Nullable String key)
			throws IOException, InterruptedException {
		String boundary = "boundary-of-the-tests";
		ByteArrayOutputStream body = new ByteArrayOutputStream();
		part(body, boundary, "name=\"spec\"\r\nContent-Type: application/json", spec);
		for (Map.Entry<String, String> file : code.entrySet()) {
			part(body, boundary, "name=\"code\"; filename=\"" + file.getKey() + "\"", file.getValue());
		}
		body.writeBytes(("--" + boundary + "--\r\n").getBytes(StandardCharsets.UTF_8));
		return send(keyed(HttpRequest.newBuilder(URI.create(this.base + "/runs")), key)
			.header("Content-Type", "multipart/form-data; boundary=" + boundary)
			.POST(HttpRequest.BodyPublishers.ofByteArray(body.toByteArray())), 201).path("id").asString();
	}

	private static void part(ByteArrayOutputStream body, String boundary, String headers, String content) {
		body.writeBytes(
				("--" + boundary + "\r\nContent-Disposition: form-data; " + headers + "\r\n\r\n" + content + "\r\n")
					.getBytes(StandardCharsets.UTF_8));
	}

	JsonNode get(String path) throws IOException, InterruptedException {
		return send(HttpRequest.newBuilder(URI.create(this.base + path)).GET(), 200);
	}

	JsonNode post(String path, String body, int status) throws IOException, InterruptedException {
		return send(HttpRequest.newBuilder(URI.create(this.base + path))
			.header("Content-Type", "application/json")
			.POST(HttpRequest.BodyPublishers.ofString(body)), status);
	}

	JsonNode postOnce(String path, String body, String key, int status) throws IOException, InterruptedException {
		return send(keyed(HttpRequest.newBuilder(URI.create(this.base + path)), key)
			.header("Content-Type", "application/json")
			.POST(HttpRequest.BodyPublishers.ofString(body)), status);
	}

	private static HttpRequest.Builder keyed(HttpRequest.Builder request, @Nullable String key) {
		return (key != null) ? request.header("Idempotency-Key", key) : request;
	}

	String text(String path) throws IOException, InterruptedException {
		return this.http
			.send(HttpRequest.newBuilder(URI.create(this.base + path)).build(), HttpResponse.BodyHandlers.ofString())
			.body();
	}

	byte[] bytes(String path) throws IOException, InterruptedException {
		return this.http
			.send(HttpRequest.newBuilder(URI.create(this.base + path)).build(), HttpResponse.BodyHandlers.ofByteArray())
			.body();
	}

	/**
	 * A submission that is refused.
	 */
	void refused(String spec, Map<String, String> code, int status) throws IOException, InterruptedException {
		try {
			submit(spec, code);
		}
		catch (AssertionError ex) {
			if (String.valueOf(ex.getMessage()).startsWith(status + " instead of 201")) {
				return;
			}
			throw ex;
		}
		throw new AssertionError("it was accepted");
	}

	/**
	 * A problem in place of what was asked for.
	 */
	JsonNode problem(String path, int status) throws IOException, InterruptedException {
		return send(HttpRequest.newBuilder(URI.create(this.base + path)).GET(), status);
	}

	JsonNode put(String path, byte[] body) throws IOException, InterruptedException {
		return send(
				HttpRequest.newBuilder(URI.create(this.base + path)).PUT(HttpRequest.BodyPublishers.ofByteArray(body)),
				201);
	}

	/**
	 * Waits for a run to end.
	 */
	JsonNode ended(String run) throws InterruptedException {
		return Await.value(Duration.ofMinutes(10), () -> {
			JsonNode state = get("/runs/" + run);
			return FINAL.contains(state.path("state").asString()) ? Optional.of(state) : Optional.empty();
		});
	}

	/**
	 * Submits a run, waits for it, and expects it to have succeeded.
	 */
	String succeeded(String spec, Map<String, String> code) throws IOException, InterruptedException {
		String run = submit(spec, code);
		JsonNode ended = ended(run);
		if (!ended.path("state").asString().equals("SUCCEEDED")) {
			throw new AssertionError(ended.toPrettyString() + text("/runs/" + run + "/logs"));
		}
		return run;
	}

	/**
	 * Replays a run and waits for the verdict.
	 * @return the diff
	 */
	JsonNode replayed(String run) throws IOException, InterruptedException {
		String replay = post("/runs/" + run + "/replays", "{}", 201).path("items").get(0).path("id").asString();
		JsonNode done = Await.value(Duration.ofMinutes(10), () -> {
			JsonNode state = get("/replays/" + replay);
			return state.path("state").asString().equals("DONE") ? Optional.of(state) : Optional.empty();
		});
		return get("/diffs/" + done.path("diff").asString());
	}

	JsonNode diff(String left, String right) throws IOException, InterruptedException {
		return post("/diffs", "{\"left\": \"" + left + "\", \"right\": \"" + right + "\"}", 200);
	}

	/**
	 * The files of a run's record, by their paths.
	 */
	Map<String, byte[]> record(String run) throws IOException, InterruptedException {
		TarReader tar = new TarReader(new ByteArrayInputStream(bytes("/runs/" + run + "/record")), Bounds.DEFAULT);
		Map<String, byte[]> files = new TreeMap<>();
		for (TarEntry entry = tar.next(); entry != null; entry = tar.next()) {
			files.put(entry.path(), tar.content().readAllBytes());
		}
		return files;
	}

	/**
	 * What the checklist says of one item.
	 */
	JsonNode checklist(String run, String item) throws IOException, InterruptedException {
		for (JsonNode line : get("/runs/" + run + "/checklist").path("items")) {
			if (line.path("item").asString().equals(item)) {
				return line;
			}
		}
		throw new AssertionError("no item " + item);
	}

	private JsonNode send(HttpRequest.Builder request, int status) throws IOException, InterruptedException {
		HttpResponse<String> response = this.http.send(request.build(), HttpResponse.BodyHandlers.ofString());
		if (response.statusCode() != status) {
			throw new AssertionError(response.statusCode() + " instead of " + status + ": " + response.body());
		}
		return JsonMapper.shared().readTree(response.body().isEmpty() ? "null" : response.body());
	}

}
