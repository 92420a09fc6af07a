package dev.reprise.cli.bench;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import tools.jackson.databind.JsonNode;

/**
 * Submissions that are on the disk when they are answered, against the cheapest thing
 * that can be asked: one run's spec, a row read by its key. The queue is held up
 * meanwhile by a run that sleeps, so that neither side shares the machine with jobs; it
 * is left so, and nothing can be measured after this.
 */
final class SubmissionRate {

	private static final double TARGET = 0.3;

	private static final int CLIENTS = 64;

	/**
	 * Turns of each side before the first that counts: until then the JVM compiles more
	 * than it answers, and whoever was compiled first looks better.
	 */
	private static final int WARMING = 5;

	private final RunsClient client;

	private final ServiceRuns service;

	SubmissionRate(RunsClient client, ServiceRuns service) {
		this.client = client;
		this.service = service;
	}

	/**
	 * Measures in turns of some requests each.
	 * @param example a run whose code is in the store
	 */
	Measurement measure(int pairs, int requests, String example) throws IOException, InterruptedException {
		JsonNode code = this.client.run(example).path("spec").path("code");
		this.service.awaitRunning(this.client.hold(code));
		int cores = Runtime.getRuntime().availableProcessors();
		HttpRequest.Builder post = this.client.post("", RunsClient.command(code, cores, "true").toString());
		HttpRequest.Builder get = this.client.get("/" + example + "/spec");
		List<Double> submissions = new ArrayList<>();
		List<Double> gets = new ArrayList<>();
		List<Double> ratios = new ArrayList<>();
		for (int turn = 0; turn < WARMING; turn++) {
			rate(get, 200, requests);
			rate(post, 201, requests);
		}
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
				List.of(requests + " requests a turn, after " + WARMING + " turns of each side that do not count"));
	}

	private double rate(HttpRequest.Builder request, int status, int requests)
			throws IOException, InterruptedException {
		return this.client.rate(request, status, requests, CLIENTS);
	}

	private static String two(double value) {
		return String.format(Locale.ROOT, "%.2f", value);
	}

}
