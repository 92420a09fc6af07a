package dev.reprise.cli.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Where the time goes around a program that does nothing but import torch: as a run, by
 * hand with the harness, and by hand without it.
 */
final class StartCost {

	private final ServiceRuns service;

	private final ByHand hand;

	private final Path program;

	private final Map<Side, Map<Stage, List<Double>>> taken = new EnumMap<>(Side.class);

	private final List<Double> serviceCpu = new ArrayList<>();

	StartCost(ServiceRuns service, ByHand hand, Path program) {
		this.service = service;
		this.hand = hand;
		this.program = program;
	}

	void measure(int rounds) throws IOException, InterruptedException {
		for (int round = 0; round < rounds; round++) {
			for (int turn = 0; turn < Side.values().length; turn++) {
				Side side = Side.values()[(round + turn) % Side.values().length];
				if (side == Side.SERVICE) {
					service();
				}
				else {
					byHand(side);
				}
			}
		}
	}

	private void service() throws IOException, InterruptedException {
		long cpu = Machine.cpuNanos();
		ServiceRuns.Timed run = this.service.run(this.program);
		this.serviceCpu.add((Machine.cpuNanos() - cpu) / 1e9);
		Told told = Told.of(this.service.output(run));
		add(Side.SERVICE, Stage.CLAIM, Seconds.between(run.posted(), run.claimed()));
		add(Side.SERVICE, Stage.WORKSPACE, Seconds.between(run.claimed(), run.running()));
		add(Side.SERVICE, Stage.START, told.first() - Seconds.sinceEpoch(run.running()));
		add(Side.SERVICE, Stage.IMPORT, told.imported() - told.first());
		add(Side.SERVICE, Stage.END, Seconds.sinceEpoch(run.finished()) - told.last());
		add(Side.SERVICE, Stage.ANSWER, Seconds.between(run.finished(), run.seen()));
	}

	private void byHand(Side side) throws IOException, InterruptedException {
		ProcessBuilder builder = this.hand.process(this.program, side == Side.HARNESS);
		double start = Seconds.sinceEpoch(Instant.now());
		String out = ByHand.finish(builder.start(), builder);
		double end = Seconds.sinceEpoch(Instant.now());
		Told told = Told.of(out);
		add(side, Stage.START, told.first() - start);
		add(side, Stage.IMPORT, told.imported() - told.first());
		add(side, Stage.END, end - told.last());
	}

	private void add(Side side, Stage stage, double seconds) {
		this.taken.computeIfAbsent(side, (missing) -> new EnumMap<>(Stage.class))
			.computeIfAbsent(stage, (missing) -> new ArrayList<>())
			.add(seconds);
	}

	private double median(Side side, Stage stage) {
		List<Double> values = this.taken.getOrDefault(side, Map.of()).getOrDefault(stage, List.of());
		return values.isEmpty() ? 0 : new Samples(values).median();
	}

	/**
	 * The stages of a run, beside the same stages by hand.
	 */
	List<String> stages() {
		List<String> lines = new ArrayList<>();
		lines.add("where the time goes, in a program that only imports torch (medians, ms):");
		lines.add(String.format(Locale.ROOT, "  %-44s %8s %13s %8s", "", "service", "with harness", "by hand"));
		for (Stage stage : Stage.values()) {
			lines.add(String.format(Locale.ROOT, "  %-44s %8.0f %13s %8s", stage.words,
					median(Side.SERVICE, stage) * 1000, byHand(Side.HARNESS, stage), byHand(Side.PLAIN, stage)));
		}
		lines.add(String.format(Locale.ROOT,
				"the service's own processor time for such a run, its client's included: %.0f ms",
				new Samples(this.serviceCpu).median() * 1000));
		return lines;
	}

	private String byHand(Side side, Stage stage) {
		return this.taken.getOrDefault(side, Map.of()).containsKey(stage)
				? String.format(Locale.ROOT, "%.0f", median(side, stage) * 1000) : "-";
	}

	/**
	 * What the harness adds before the first line, and around the import of torch.
	 */
	List<String> harness() {
		return List.of(more("process start to the program's first line", Stage.START),
				more("import of torch", Stage.IMPORT), more("last line to the process's end", Stage.END));
	}

	private String more(String words, Stage stage) {
		List<Double> with = this.taken.getOrDefault(Side.HARNESS, Map.of()).getOrDefault(stage, List.of());
		List<Double> without = this.taken.getOrDefault(Side.PLAIN, Map.of()).getOrDefault(stage, List.of());
		List<Double> more = new ArrayList<>();
		for (int i = 0; i < with.size(); i++) {
			more.add((with.get(i) - without.get(i)) * 1000);
		}
		Samples samples = new Samples(more);
		return String.format(Locale.ROOT, "the harness adds to %s: %.0f ms (%.0f to %.0f, %d pairs)", words,
				samples.median(), samples.least(), samples.most(), samples.count());
	}

	private enum Side {

		SERVICE, HARNESS, PLAIN

	}

	private enum Stage {

		CLAIM("POST, code into the store, queue, claim"), WORKSPACE("workspace"),
		START("process start to first line (sandbox, harness)"), IMPORT("import of torch"),
		END("last line to final state (end, collection)"), ANSWER("final state to the client's next question");

		private final String words;

		Stage(String words) {
			this.words = words;
		}

	}

	/**
	 * What the program says of itself, in seconds since 1970.
	 *
	 * @param first when its first line ran
	 * @param imported when torch was imported
	 * @param last when its last line ran
	 */
	private record Told(double first, double imported, double last) {

		static Told of(String line) {
			JsonNode told = JsonMapper.shared().readTree(line);
			return new Told(told.path("first").asDouble(), told.path("imported").asDouble(),
					told.path("last").asDouble());
		}

	}

}
