package dev.reprise.acceptance;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A client of an event stream, as the HTML standard describes one.
 */
final class EventStream implements AutoCloseable {

	private final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

	private final HttpResponse<java.io.InputStream> response;

	private final BufferedReader lines;

	EventStream(String address, @Nullable String lastEventId) throws IOException, InterruptedException {
		HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(address)).header("Accept", "text/event-stream");
		if (lastEventId != null) {
			request.header("Last-Event-ID", lastEventId);
		}
		this.response = this.http.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
		this.lines = new BufferedReader(new InputStreamReader(this.response.body(), StandardCharsets.UTF_8));
	}

	int status() {
		return this.response.statusCode();
	}

	@Nullable String header(String name) {
		return this.response.headers().firstValue(name).orElse(null);
	}

	/**
	 * The next event, or null where the stream has ended or was cut.
	 */
	@Nullable Event next() {
		String id = "";
		String name = "";
		StringBuilder data = new StringBuilder();
		try {
			for (String line = this.lines.readLine(); line != null; line = this.lines.readLine()) {
				if (line.isEmpty() && !data.isEmpty()) {
					return new Event(id, name, JsonMapper.shared().readTree(data.toString()));
				}
				int colon = line.indexOf(':');
				String value = line.substring(colon + 1).strip();
				switch (line.substring(0, Math.max(0, colon))) {
					case "id" -> id = value;
					case "event" -> name = value;
					case "data" -> data.append(value);
					default -> {
						// a comment, or nothing
					}
				}
			}
			return null;
		}
		catch (IOException ex) {
			return null;
		}
	}

	@Override
	public void close() throws IOException {
		this.response.body().close();
		this.http.shutdownNow();
	}

	/**
	 * One event.
	 *
	 * @param id its id
	 * @param name its type
	 * @param data its content
	 */
	record Event(String id, String name, JsonNode data) {
	}

}
