package dev.reprise.cli.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What the harness costs a program: two processes of the same program, one with it and
 * one without, take turns at training. The one without sets the flags of strict mode
 * itself, so that what determinism costs is on both sides.
 */
final class StepCost {

	private static final JsonMapper JSON = JsonMapper.shared();

	private static final double TARGET = 1.02;

	private static final int WARM_UP = 30;

	private static final int BLOCK = 20;

	private final ByHand hand;

	private final Path program;

	StepCost(ByHand hand, Path program) {
		this.hand = hand;
		this.program = program;
	}

	Measurement measure(int pairs, int blocks, List<String> startNotes) throws IOException, InterruptedException {
		List<Double> ratios = new ArrayList<>();
		List<Double> all = new ArrayList<>();
		List<Double> with = new ArrayList<>();
		List<Double> without = new ArrayList<>();
		for (int pair = 0; pair < pairs; pair++) {
			boolean harnessFirst = pair % 2 == 0;
			try (Trainer first = new Trainer(harnessFirst); Trainer second = new Trainer(!harnessFirst)) {
				Trainer harness = harnessFirst ? first : second;
				Trainer plain = harnessFirst ? second : first;
				first.train(WARM_UP);
				second.train(WARM_UP);
				List<Double> withHere = new ArrayList<>();
				List<Double> withoutHere = new ArrayList<>();
				for (int block = 0; block < blocks; block++) {
					boolean plainFirst = block % 2 == 0;
					List<Double> one = plainFirst ? plain.train(BLOCK) : harness.train(BLOCK);
					List<Double> other = plainFirst ? harness.train(BLOCK) : plain.train(BLOCK);
					(plainFirst ? withoutHere : withHere).addAll(one);
					(plainFirst ? withHere : withoutHere).addAll(other);
				}
				ratios.add(new Samples(withHere).median() / new Samples(withoutHere).median());
				with.addAll(withHere);
				without.addAll(withoutHere);
				all.addAll(withHere);
			}
		}
		Samples ratio = new Samples(ratios);
		double harness = new Samples(with).median();
		double plain = new Samples(without).median();
		List<String> notes = new ArrayList<>();
		notes.add(all.size() + " steps on each side, in turns of " + BLOCK + ", one thread, strict on both sides");
		notes.addAll(startNotes);
		return new Measurement("3. A training step with the harness and without",
				"time a step, with the harness to without", three(ratio.median()), ratio.spread(StepCost::three), pairs,
				"at most " + TARGET, ratio.median() <= TARGET,
				List.of(new Measurement.Bar("with", harness, millis(harness)),
						new Measurement.Bar("without", plain, millis(plain))),
				notes);
	}

	private static String three(double value) {
		return String.format(Locale.ROOT, "%.3f", value);
	}

	private static String millis(double seconds) {
		return String.format(Locale.ROOT, "%.2f ms", seconds * 1000);
	}

	/**
	 * A process that trains when it is asked to.
	 */
	private final class Trainer implements AutoCloseable {

		private final ProcessBuilder builder;

		private final Process process;

		private final Writer asks;

		private final BufferedReader answers;

		Trainer(boolean harness) throws IOException {
			this.builder = harness ? StepCost.this.hand.process(StepCost.this.program, true)
					: StepCost.this.hand.process(StepCost.this.program, false, "--set-flags");
			this.process = this.builder.start();
			this.asks = this.process.outputWriter(StandardCharsets.UTF_8);
			this.answers = new BufferedReader(
					new InputStreamReader(this.process.getInputStream(), StandardCharsets.UTF_8));
		}

		List<Double> train(int steps) throws IOException {
			this.asks.write(steps + "\n");
			this.asks.flush();
			String line = this.answers.readLine();
			if (line == null) {
				throw new IOException("the training program ended: " + ByHand.complaint(this.builder));
			}
			List<Double> seconds = new ArrayList<>();
			for (JsonNode each : JSON.readTree(line).path("seconds")) {
				seconds.add(each.asDouble());
			}
			return seconds;
		}

		@Override
		public void close() throws IOException {
			try {
				this.asks.close();
				this.answers.close();
				if (this.process.waitFor() != 0) {
					throw new IOException("the training program failed: " + ByHand.complaint(this.builder));
				}
			}
			catch (InterruptedException ex) {
				this.process.destroyForcibly();
				Thread.currentThread().interrupt();
			}
		}

	}

}
