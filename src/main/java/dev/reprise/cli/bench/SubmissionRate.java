package dev.reprise.cli.bench;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Submissions that are on the disk when they are answered, against the cheapest thing
 * that can be asked: one run's spec, a row read by its key. The queue is held up
 * meanwhile by a run that sleeps, so that neither side shares the machine with jobs; it
 * is left so, and nothing can be measured after this.
 */
final class SubmissionRate {

	private static final double TARGET = 0.3;

	private static final int CLIENTS = 64;

	private final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

	private final String base;

	private final ServiceRuns service;

	/**
	 * A rate.
	 * @param address of the service, as {@code http://HOST:PORT}
	 */
	SubmissionRate(String address, ServiceRuns service) {
		this.base = address + "/api/v1/runs";
		this.service = service;
	}

	/**
	 * Measures in turns of some requests each.
	 * @param example a run whose code is in the store
	 */
	Measurement measure(int pairs, int requests, String example) throws IOException, InterruptedException {
		JsonNode run = JsonMapper.shared().readTree(send(get("/" + example), 200));
		this.service.awaitRunning(submit(spec(run, "sleep", "3600").put("timeout", "PT1H").put("priority", 100)));
		HttpRequest.Builder post = HttpRequest.newBuilder(URI.create(this.base))
			.header("Content-Type", "application/json")
			.POST(HttpRequest.BodyPublishers.ofString(spec(run, "true").toString()));
		HttpRequest.Builder get = get("/" + example + "/spec");
		List<Double> submissions = new ArrayList<>();
		List<Double> gets = new ArrayList<>();
		List<Double> ratios = new ArrayList<>();
		rate(get, 200, requests);
		rate(post, 201, requests);
		for (int pair = 0; pair < pairs; pair++) {
			boolean first = pair % 2 == 0;
			double submitted = first ? rate(post, 201, requests) : 0;
			double asked = rate(get, 200, requests);
			submitted = first ? submitted : rate(post, 201, requests);
			submissions.add(submitted);
			gets.add(asked);
			ratios.add(submitted / asked);
		}
		Samples ratio = new Samples(ratios);
		double submitted = new Samples(submissions).median();
		double asked = new Samples(gets).median();
		return new Measurement(
				"7. Submissions of a run, on the disk when they are answered, and GETs of a spec, " + CLIENTS
						+ " clients at once",
				"submissions a second to GETs a second", two(ratio.median()), ratio.spread(SubmissionRate::two), pairs,
				"at least " + TARGET, ratio.median() >= TARGET,
				List.of(new Measurement.Bar("submissions", submitted, Math.round(submitted) + " a second"),
						new Measurement.Bar("GETs", asked, Math.round(asked) + " a second")),
				List.of(requests + " requests a turn"));
	}

	private double rate(HttpRequest.Builder request, int status, int requests)
			throws IOException, InterruptedException {
		AtomicInteger left = new AtomicInteger(requests);
		long start = System.nanoTime();
		List<Future<?>> clients = new ArrayList<>();
		try (ExecutorService threads = Executors.newFixedThreadPool(CLIENTS)) {
			for (int client = 0; client < CLIENTS; client++) {
				clients.add(threads.submit(() -> {
					while (left.getAndDecrement() > 0) {
						send(request, status);
					}
					return null;
				}));
			}
		}
		for (Future<?> client : clients) {
			try {
				client.get();
			}
			catch (ExecutionException ex) {
				throw new IOException("a request failed: " + ex.getCause(), ex);
			}
		}
		return requests / ((System.nanoTime() - start) / 1e9);
	}

	private static ObjectNode spec(JsonNode run, String... command) {
		JsonMapper json = JsonMapper.shared();
		ObjectNode spec = json.createObjectNode();
		spec.put("name", "bench-submission").put("seed", 1).put("determinism", "off");
		spec.set("code", run.path("spec").path("code"));
		spec.set("runtime", json.createObjectNode().put("type", "python").set("command", json.valueToTree(command)));
		spec.set("resources",
				json.createObjectNode()
					.put("cpus", Runtime.getRuntime().availableProcessors())
					.put("memory", "128MiB"));
		return spec;
	}

	private String submit(ObjectNode spec) throws IOException, InterruptedException {
		return JsonMapper.shared()
			.readTree(send(HttpRequest.newBuilder(URI.create(this.base))
				.header("Content-Type", "application/json")
				.POST(HttpRequest.BodyPublishers.ofString(spec.toString())), 201))
			.path("id")
			.asString();
	}

	private HttpRequest.Builder get(String path) {
		return HttpRequest.newBuilder(URI.create(this.base + path)).GET();
	}

	private String send(HttpRequest.Builder request, int status) throws IOException, InterruptedException {
		HttpResponse<String> response = this.http.send(request.build(),
				HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
		if (response.statusCode() != status) {
			throw new IOException(response.statusCode() + " instead of " + status + ": " + response.body());
		}
		return response.body();
	}

	private static String two(double value) {
		return String.format(Locale.ROOT, "%.2f", value);
	}

}
