package dev.reprise.cli;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Talks to a service as any client would: over HTTP.
 */
final class Client {

	private static final JsonMapper JSON = JsonMapper.shared();

	private static final Set<String> FINAL = Set.of("SUCCEEDED", "FAILED", "CANCELLED");

	private static final Duration POLL = Duration.ofMillis(100);

	private final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

	private final String base;

	Client(String address) {
		this.base = address + "/api/v1";
	}

	/**
	 * Submits files of code.
	 * @return the run
	 */
	JsonNode submit(String spec, Path... code) throws IOException, InterruptedException {
		String boundary = "reprise-" + UUID.randomUUID();
		StringBuilder body = new StringBuilder("--" + boundary + "\r\nContent-Disposition: form-data; name=\"spec\"\r\n"
				+ "Content-Type: application/json\r\n\r\n" + spec + "\r\n");
		for (Path file : code) {
			body.append("--" + boundary + "\r\nContent-Disposition: form-data; name=\"code\"; filename=\""
					+ file.getFileName() + "\"\r\nContent-Type: text/plain\r\n\r\n" + Files.readString(file) + "\r\n");
		}
		body.append("--" + boundary + "--\r\n");
		return send(HttpRequest.newBuilder(URI.create(this.base + "/runs"))
			.header("Content-Type", "multipart/form-data; boundary=" + boundary)
			.POST(HttpRequest.BodyPublishers.ofString(body.toString())));
	}

	JsonNode post(String path, String body) throws IOException, InterruptedException {
		return send(HttpRequest.newBuilder(URI.create(this.base + path))
			.header("Content-Type", "application/json")
			.POST(HttpRequest.BodyPublishers.ofString(body)));
	}

	JsonNode get(String path) throws IOException, InterruptedException {
		return send(HttpRequest.newBuilder(URI.create(this.base + path)).GET());
	}

	/**
	 * Waits for a run to end, handing on each line of its standard output as it comes.
	 * @return the run
	 */
	JsonNode follow(String run, Consumer<String> line) throws IOException, InterruptedException {
		long read = 0;
		StringBuilder rest = new StringBuilder();
		while (true) {
			JsonNode state = get("/runs/" + run);
			boolean ended = FINAL.contains(state.path("state").asString());
			byte[] more = log(run, read);
			read += more.length;
			rest.append(new String(more, StandardCharsets.UTF_8));
			for (int end; (end = rest.indexOf("\n")) >= 0;) {
				line.accept(rest.substring(0, end));
				rest.delete(0, end + 1);
			}
			if (ended) {
				return state;
			}
			Thread.sleep(POLL);
		}
	}

	/**
	 * What a run has written to its standard output.
	 */
	String output(String run) throws IOException, InterruptedException {
		return new String(log(run, 0), StandardCharsets.UTF_8);
	}

	/**
	 * Waits for a replay to be judged.
	 * @return the replay
	 */
	JsonNode judged(String replay) throws IOException, InterruptedException {
		while (true) {
			JsonNode state = get("/replays/" + replay);
			if (state.path("state").asString().equals("DONE")) {
				return state;
			}
			Thread.sleep(POLL);
		}
	}

	private byte[] log(String run, long from) throws IOException, InterruptedException {
		HttpRequest request = HttpRequest.newBuilder(URI.create(this.base + "/runs/" + run + "/logs?stream=stdout"))
			.header("Range", "bytes=" + from + "-")
			.build();
		HttpResponse<byte[]> response = this.http.send(request, HttpResponse.BodyHandlers.ofByteArray());
		return (response.statusCode() == 206) ? response.body() : new byte[0];
	}

	private JsonNode send(HttpRequest.Builder request) throws IOException, InterruptedException {
		HttpResponse<byte[]> response = this.http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
		JsonNode body = JSON.readTree(response.body());
		if (response.statusCode() >= 400) {
			throw new IOException("the service answered " + response.statusCode() + ": "
					+ body.path("detail").asString("") + " " + body.path("errors"));
		}
		return body;
	}

}
