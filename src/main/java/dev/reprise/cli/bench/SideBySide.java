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
 * each on a core of its own. They time themselves, without their start. The same is
 * measured without the service, since two cores of one machine share caches, memory and
 * clock, and some are two threads of one.
 */
final class SideBySide {

	private static final double TARGET = 1.1;

	/**
	 * Long, since the client's questions are answered on the cores that are measured.
	 */
	private static final long POLL_MILLIS = 1000;

	private final ServiceRuns service;

	private final ByHand hand;

	private final Path program;

	SideBySide(ServiceRuns service, ByHand hand, Path program) {
		this.service = service;
		this.hand = hand;
		this.program = program;
	}

	Measurement measure(int pairs) throws IOException, InterruptedException {
		List<Double> ratios = new ArrayList<>();
		List<Double> floors = new ArrayList<>();
		List<Double> quotients = new ArrayList<>();
		List<Double> alone = new ArrayList<>();
		List<Double> beside = new ArrayList<>();
		double overlap = 1;
		asRuns(1);
		for (int pair = 0; pair < pairs; pair++) {
			boolean aloneFirst = pair % 2 == 0;
			Both runs = both(this::asRuns, aloneFirst);
			Both bare = both(this::byHand, aloneFirst);
			alone.add(runs.alone());
			beside.add(runs.slower());
			ratios.add(runs.ratio());
			floors.add(bare.ratio());
			quotients.add(runs.ratio() / bare.ratio());
			overlap = Math.min(overlap, Math.min(runs.overlap(), bare.overlap()));
		}
		Samples ratio = new Samples(ratios);
		Samples floor = new Samples(floors);
		Samples quotient = new Samples(quotients);
		double aloneMedian = new Samples(alone).median();
		double besideMedian = new Samples(beside).median();
		return new Measurement("4. A job of one core alone, and two at once", "time of the slower of two, to alone",
				two(ratio.median()), ratio.spread(SideBySide::two), pairs, "at most " + TARGET,
				ratio.median() <= TARGET,
				List.of(new Measurement.Bar("alone", aloneMedian, Seconds.text(aloneMedian)),
						new Measurement.Bar("beside", besideMedian, Seconds.text(besideMedian))),
				List.of("the machine's own, two bare processes: " + two(floor.median()) + " ("
						+ floor.spread(SideBySide::two) + "); ours to that: " + two(quotient.median()) + " ("
						+ quotient.spread(SideBySide::two) + ")",
						String.format(Locale.ROOT, "two computed at the same time for %.0f %% of the shorter, at least",
								overlap * 100)));
	}

	private static Both both(Side side, boolean aloneFirst) throws IOException, InterruptedException {
		List<Told> one = aloneFirst ? side.run(1) : List.of();
		List<Told> two = side.run(2);
		one = aloneFirst ? one : side.run(1);
		return new Both(one.getFirst().seconds(), Math.max(two.get(0).seconds(), two.get(1).seconds()),
				two.get(0).beside(two.get(1)));
	}

	private List<Told> asRuns(int count) throws IOException, InterruptedException {
		return atOnce(count, (place) -> this.service.output(this.service.run(this.program, 1, POLL_MILLIS)));
	}

	private List<Told> byHand(int count) throws IOException, InterruptedException {
		List<String> cores = List.of(Machine.cores(2).split(",", -1));
		return atOnce(count, (place) -> {
			ProcessBuilder builder = this.hand.onCore(this.program, cores.get(place));
			return ByHand.finish(builder.start(), builder);
		});
	}

	private static List<Told> atOnce(int count, Job job) throws IOException, InterruptedException {
		try (ExecutorService threads = Executors.newFixedThreadPool(count)) {
			List<Callable<Told>> asked = new ArrayList<>();
			for (int i = 0; i < count; i++) {
				int place = i;
				asked.add(() -> Told.of(job.output(place)));
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

	/**
	 * One or two of the program.
	 */
	private interface Side {

		List<Told> run(int count) throws IOException, InterruptedException;

	}

	/**
	 * One of the program, whichever it is.
	 */
	private interface Job {

		String output(int place) throws IOException, InterruptedException;

	}

	/**
	 * One alone and two at once.
	 *
	 * @param alone seconds
	 * @param slower seconds of the slower of two
	 * @param overlap the part of the shorter of two in which both computed
	 */
	private record Both(double alone, double slower, double overlap) {

		double ratio() {
			return this.slower / this.alone;
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
