package dev.reprise.cli.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a run costs the one beside it: a job of one core alone, and two of them at once,
 * each on a core of its own. They time themselves, without their start.
 */
final class SideBySide {

	private static final double TARGET = 1.1;

	private final ServiceRuns service;

	private final Path program;

	SideBySide(ServiceRuns service, Path program) {
		this.service = service;
		this.program = program;
	}

	Measurement measure(int pairs) throws IOException, InterruptedException {
		List<Double> ratios = new ArrayList<>();
		List<Double> alone = new ArrayList<>();
		List<Double> beside = new ArrayList<>();
		double overlap = 1;
		run(1);
		for (int pair = 0; pair < pairs; pair++) {
			boolean aloneFirst = pair % 2 == 0;
			List<Told> one = aloneFirst ? run(1) : List.of();
			List<Told> two = run(2);
			one = aloneFirst ? one : run(1);
			alone.add(one.getFirst().seconds());
			double slower = Math.max(two.get(0).seconds(), two.get(1).seconds());
			beside.add(slower);
			ratios.add(slower / one.getFirst().seconds());
			overlap = Math.min(overlap, two.get(0).beside(two.get(1)));
		}
		Samples ratio = new Samples(ratios);
		double aloneMedian = new Samples(alone).median();
		double besideMedian = new Samples(beside).median();
		return new Measurement("4. A job of one core alone, and two at once", "time of the slower of two, to alone",
				two(ratio.median()), ratio.spread(SideBySide::two), pairs, "at most " + TARGET,
				ratio.median() <= TARGET,
				List.of(new Measurement.Bar("alone", aloneMedian, Seconds.text(aloneMedian)),
						new Measurement.Bar("beside", besideMedian, Seconds.text(besideMedian))),
				List.of(String.format(Locale.ROOT,
						"the two computed at the same time for %.0f %% of the shorter, at least", overlap * 100)));
	}

	private List<Told> run(int count) throws IOException, InterruptedException {
		try (ExecutorService threads = Executors.newFixedThreadPool(count)) {
			List<Callable<Told>> asked = new ArrayList<>();
			for (int i = 0; i < count; i++) {
				asked.add(() -> Told.of(this.service.output(this.service.run(this.program, 1))));
			}
			List<Told> told = new ArrayList<>();
			for (Future<Told> each : threads.invokeAll(asked)) {
				told.add(each.get());
			}
			return told;
		}
		catch (ExecutionException ex) {
			throw new IOException(ex.getCause());
		}
	}

	private static String two(double value) {
		return String.format(Locale.ROOT, "%.2f", value);
	}

	/**
	 * What the program says of itself.
	 *
	 * @param seconds that it computed
	 * @param began in seconds since 1970
	 * @param ended the same
	 */
	private record Told(double seconds, double began, double ended) {

		static Told of(String line) {
			JsonNode told = JsonMapper.shared().readTree(line);
			return new Told(told.path("seconds").asDouble(), told.path("began").asDouble(),
					told.path("ended").asDouble());
		}

		double beside(Told other) {
			double both = Math.min(this.ended, other.ended) - Math.max(this.began, other.began);
			return Math.max(0, both) / Math.min(this.seconds, other.seconds);
		}

	}

}
