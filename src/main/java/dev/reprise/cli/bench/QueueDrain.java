package dev.reprise.cli.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A long queue from its first run to its last. All are posted while a run holds every
 * core, which is then cancelled; each run is one core and {@code /bin/true}. What counts
 * is how long a core lies free between the end of one run and the start of the next: the
 * last tenth of the queue must not wait longer than the first.
 */
public final class QueueDrain {

	private static final double TARGET = 1.2;

	/**
	 * Few, as a queue is filled by a script or two.
	 */
	private static final int CLIENTS = 4;

	private static final int PARTS = 10;

	/**
	 * The fewest runs that have tenths to compare.
	 */
	public static final int LEAST = PARTS * (Runtime.getRuntime().availableProcessors() + 1);

	private static final Duration LOOK = Duration.ofSeconds(1);

	private final RunsClient client;

	private final ServiceRuns service;

	private final PrintStream out;

	private final int cores = Runtime.getRuntime().availableProcessors();

	/**
	 * A queue.
	 * @param jobs the service as a client sees it
	 * @param address where it listens, as {@code http://HOST:PORT}
	 * @param out where people read
	 */
	public QueueDrain(Jobs jobs, String address, PrintStream out) {
		this.client = new RunsClient(address);
		this.service = new ServiceRuns(jobs);
		this.out = out;
	}

	/**
	 * Fills the queue, lets it drain, and prints what each tenth of it took.
	 * @param program any, so that there is code in the store
	 * @param count how many runs, {@link #LEAST} or more
	 * @return 0 if the last tenth is as quick as the target says, else 1
	 * @throws IOException if a run does not end well
	 */
	public int run(Path program, int count) throws IOException, InterruptedException {
		JsonNode code = this.client.run(this.service.run(program).id()).path("spec").path("code");
		String holder = this.client.hold(code);
		this.service.awaitRunning(holder);
		this.out.printf(Locale.ROOT, "%s%nposting %,d runs by %d clients, while a run holds all %d cores%n",
				Machine.processor(), count, CLIENTS, this.cores);
		double rate = this.client.rate(this.client.post("", RunsClient.command(code, 1, "true").toString()), 201, count,
				CLIENTS);
		this.out.printf(Locale.ROOT, "posted, %.0f a second; the queue drains%n", rate);
		this.client.send(this.client.post("/" + holder + "/cancel", ""), 202);
		awaitEmpty();
		return report(spans());
	}

	private void awaitEmpty() throws IOException, InterruptedException {
		for (String state : List.of("QUEUED", "STARTING", "RUNNING", "COLLECTING")) {
			while (!page("?limit=1&state=" + state).path("items").isEmpty()) {
				Thread.sleep(LOOK);
			}
		}
	}

	private JsonNode page(String query) throws IOException, InterruptedException {
		return JsonMapper.shared().readTree(this.client.send(this.client.get(query), 200));
	}

	private List<Span> spans() throws IOException, InterruptedException {
		List<Span> spans = new ArrayList<>();
		@Nullable String cursor = "";
		while (cursor != null) {
			JsonNode page = page("?name=bench-command&limit=100" + cursor);
			for (JsonNode run : page.path("items")) {
				if (run.path("spec").path("priority").asInt() == 0) {
					spans.add(Span.of(run));
				}
			}
			JsonNode next = page.path("next");
			cursor = next.isString() ? "&cursor=" + next.asString() : null;
		}
		return spans;
	}

	/**
	 * The core that the n-th end leaves is taken by the start that is as many further on
	 * as there are cores.
	 */
	private int report(List<Span> spans) {
		List<Instant> starts = new ArrayList<>(spans.stream().map(Span::start).toList());
		List<Instant> ends = new ArrayList<>(spans.stream().map(Span::end).toList());
		Collections.sort(starts);
		Collections.sort(ends);
		int each = ends.size() / PARTS;
		List<Double> medians = new ArrayList<>();
		this.out.println("      runs   between an end and the next start of its core   runs a second");
		for (int part = 0; part < PARTS; part++) {
			List<Double> gaps = new ArrayList<>();
			int first = part * each;
			for (int i = first; i < Math.min(first + each, ends.size() - this.cores); i++) {
				gaps.add(Seconds.between(ends.get(i), starts.get(i + this.cores)));
			}
			Samples gap = new Samples(gaps);
			medians.add(gap.median());
			double seconds = Seconds.between((part == 0) ? starts.getFirst() : ends.get(first - 1),
					ends.get(first + each - 1));
			this.out.printf(Locale.ROOT, "%,10d   %-46s  %.1f%n", first + each,
					Seconds.text(gap.median()) + " (" + gap.spread(Seconds::text) + ")", each / seconds);
		}
		double ratio = medians.getLast() / medians.getFirst();
		this.out.printf(Locale.ROOT,
				"%,d runs ended in %.0f s; the last tenth to the first: %.2f, target at most %.1f: %s%n", spans.size(),
				Seconds.between(starts.getFirst(), ends.getLast()), ratio, TARGET,
				(ratio <= TARGET) ? "held" : "MISSED");
		return (ratio <= TARGET) ? 0 : 1;
	}

	/**
	 * When a run held its core.
	 */
	private record Span(Instant start, Instant end) {

		static Span of(JsonNode run) throws IOException {
			if (!run.path("state").asString().equals("SUCCEEDED")) {
				throw new IOException("run " + run.path("id").asString() + " is " + run.path("state").asString() + ": "
						+ run.path("failure"));
			}
			return new Span(Instant.parse(run.path("startedAt").asString()),
					Instant.parse(run.path("finishedAt").asString()));
		}

	}

}
