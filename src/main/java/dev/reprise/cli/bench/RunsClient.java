package dev.reprise.cli.bench;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Many requests about runs, over connections that are kept.
 */
final class RunsClient {

	private final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

	private final String base;

	/**
	 * A client.
	 * @param address of the service, as {@code http://HOST:PORT}
	 */
	RunsClient(String address) {
		this.base = address + "/api/v1/runs";
	}

	HttpRequest.Builder get(String path) {
		return HttpRequest.newBuilder(URI.create(this.base + path)).GET();
	}

	HttpRequest.Builder post(String path, String body) {
		return HttpRequest.newBuilder(URI.create(this.base + path))
			.header("Content-Type", "application/json")
			.POST(HttpRequest.BodyPublishers.ofString(body));
	}

	JsonNode run(String id) throws IOException, InterruptedException {
		return JsonMapper.shared().readTree(send(get("/" + id), 200));
	}

	/**
	 * A run that holds all cores, and so the queue.
	 * @param code what its spec says of its code
	 * @return its id
	 */
	String hold(JsonNode code) throws IOException, InterruptedException {
		ObjectNode spec = command(code, Runtime.getRuntime().availableProcessors(), "sleep", "3600");
		spec.put("timeout", "PT1H").put("priority", 100);
		return JsonMapper.shared().readTree(send(post("", spec.toString()), 201)).path("id").asString();
	}

	/**
	 * The spec of a run that is as good as nothing but its process.
	 */
	static ObjectNode command(JsonNode code, int cores, String... command) {
		JsonMapper json = JsonMapper.shared();
		ObjectNode spec = json.createObjectNode();
		spec.put("name", "bench-command").put("seed", 1).put("determinism", "off");
		spec.set("code", code);
		spec.set("runtime", json.createObjectNode().put("type", "python").set("command", json.valueToTree(command)));
		spec.set("resources", json.createObjectNode().put("cpus", cores).put("memory", "128MiB"));
		return spec;
	}

	/**
	 * Sends one request again and again.
	 * @param requests how many times in all
	 * @param clients how many send at one time
	 * @return how many were answered a second
	 */
	double rate(HttpRequest.Builder request, int status, int requests, int clients)
			throws IOException, InterruptedException {
		AtomicInteger left = new AtomicInteger(requests);
		long start = System.nanoTime();
		List<Future<?>> all = new ArrayList<>();
		try (ExecutorService threads = Executors.newFixedThreadPool(clients)) {
			for (int client = 0; client < clients; client++) {
				all.add(threads.submit(() -> {
					while (left.getAndDecrement() > 0) {
						send(request, status);
					}
					return null;
				}));
			}
		}
		for (Future<?> client : all) {
			try {
				client.get();
			}
			catch (ExecutionException ex) {
				throw new IOException("a request failed: " + ex.getCause(), ex);
			}
		}
		return requests / ((System.nanoTime() - start) / 1e9);
	}

	String send(HttpRequest.Builder request, int status) throws IOException, InterruptedException {
		HttpResponse<String> response = this.http.send(request.build(),
				HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
		if (response.statusCode() != status) {
			throw new IOException(response.statusCode() + " instead of " + status + ": " + response.body());
		}
		return response.body();
	}

}
