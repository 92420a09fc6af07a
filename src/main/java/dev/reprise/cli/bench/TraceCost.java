package dev.reprise.cli.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What the trace costs a step: a program trains a transformer with it and without, in
 * turns, within one process, and says both times.
 */
final class TraceCost {

	private static final JsonMapper JSON = JsonMapper.shared();

	private final ByHand hand;

	private final Path home;

	TraceCost(ByHand hand, Path home) {
		this.hand = hand;
		this.home = home;
	}

	/**
	 * Measures the models that have a target; the notes of the last tell of a small one.
	 * @param processes in which each is measured
	 * @param blocks of steps on each side of a process
	 */
	List<Measurement> measure(int processes, int blocks) throws IOException, InterruptedException {
		Measurement large = of("9. ", "10m", "10M", 1.03, processes, blocks, 3, List.of());
		List<String> small = new ArrayList<>();
		for (String tensors : List.of("all", "sum")) {
			JsonNode found = train("0.1m", tensors, 2 * blocks, 20);
			small.add("0.1M parameters, tensors " + tensors + ": " + three(found.path("ratio").asDouble()) + " of "
					+ millis(found.path("untraced").asDouble()));
		}
		return List.of(large, of("10. ", "1m", "1M", 1.10, processes, 2 * blocks, 10, small));
	}

	private Measurement of(String number, String model, String words, double target, int processes, int blocks,
			int steps, List<String> more) throws IOException, InterruptedException {
		List<Double> ratios = new ArrayList<>();
		List<Double> traced = new ArrayList<>();
		List<Double> untraced = new ArrayList<>();
		for (int process = 0; process < processes; process++) {
			JsonNode found = train(model, "all", blocks, steps);
			ratios.add(found.path("ratio").asDouble());
			traced.add(found.path("traced").asDouble());
			untraced.add(found.path("untraced").asDouble());
		}
		Samples ratio = new Samples(ratios);
		List<String> notes = new ArrayList<>();
		notes.add(processes + " processes, in each " + (blocks * steps) + " steps on each side, in turns of " + steps
				+ ", one thread, every tensor of every step");
		notes.addAll(more);
		double with = new Samples(traced).median();
		double without = new Samples(untraced).median();
		return new Measurement(number + "A training step of " + words + " parameters with the trace and without",
				"time a step of " + words + " parameters, traced to untraced", three(ratio.median()),
				ratio.spread(TraceCost::three), processes, "at most " + target, ratio.median() <= target,
				List.of(new Measurement.Bar("traced", with, millis(with)),
						new Measurement.Bar("untraced", without, millis(without))),
				notes);
	}

	private JsonNode train(String model, String tensors, int blocks, int steps)
			throws IOException, InterruptedException {
		ProcessBuilder builder = this.hand.process(this.home.resolve("bench/trace.py"), false, "--model", model,
				"--tensors", tensors, "--blocks", String.valueOf(blocks), "--steps", String.valueOf(steps), "--harness",
				this.home.resolve("src/main/python").toString());
		return JSON.readTree(ByHand.finish(builder.start(), builder));
	}

	private static String three(double value) {
		return String.format(Locale.ROOT, "%.3f", value);
	}

	private static String millis(double seconds) {
		return String.format(Locale.ROOT, "%.2f ms", seconds * 1000);
	}

}
