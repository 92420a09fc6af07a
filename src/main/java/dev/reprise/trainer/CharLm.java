package dev.reprise.trainer;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Blocks;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.GradientCollector;
import ai.djl.training.Trainer;
import ai.djl.training.loss.Loss;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;

/**
 * Learns which character of a name comes next from those before it, as makemore does, and
 * makes some names up.
 */
public final class CharLm {

	private static final int REPORTS = 8;

	private static final int NAMES = 10;

	private static final int LONGEST = 20;

	/**
	 * The end of a name, and what stands before it; then the characters.
	 */
	private final String alphabet;

	private final int context;

	private final long[] text;

	/**
	 * Places of what comes next: characters, and the end of each name.
	 */
	private final int[] targets;

	private CharLm(List<String> names, int context) {
		this.context = context;
		StringBuilder all = new StringBuilder();
		StringBuilder characters = new StringBuilder("\n");
		for (String name : names) {
			all.append("\n".repeat(context)).append(name).append('\n');
			name.chars().filter((c) -> characters.indexOf(String.valueOf((char) c)) < 0).sorted().forEach((c) -> {
				if (characters.indexOf(String.valueOf((char) c)) < 0) {
					characters.append((char) c);
				}
			});
		}
		this.alphabet = characters.toString();
		this.text = all.chars().mapToLong((c) -> this.alphabet.indexOf(c)).toArray();
		this.targets = java.util.stream.IntStream.range(context, this.text.length)
			.filter((i) -> this.text[i] != 0 || this.text[i - 1] != 0)
			.toArray();
	}

	/**
	 * Trains it.
	 * @throws Exception if data or disk fails
	 */
	public static void main(String[] args) throws Exception {
		Arguments arguments = new Arguments(args);
		new CharLm(Data.lines("names.txt"), arguments.whole("context")).train(arguments);
	}

	private void train(Arguments arguments) throws Exception {
		SequentialBlock network = new SequentialBlock();
		network.add(Linear.builder().setUnits(arguments.whole("embedding")).optBias(false).build())
			.add(Blocks.batchFlattenBlock())
			.add(Linear.builder().setUnits(arguments.whole("hidden")).build())
			.add(Activation.tanhBlock())
			.add(Linear.builder().setUnits(this.alphabet.length()).build());
		int batchSize = arguments.whole("batchSize");
		int steps = arguments.whole("steps");
		DefaultTrainingConfig config = new DefaultTrainingConfig(Loss.softmaxCrossEntropyLoss()).optOptimizer(
				Optimizer.adam().optLearningRateTracker(Tracker.fixed(arguments.decimal("learningRate"))).build());
		try (NDManager manager = NDManager.newBaseManager(); Model model = Model.newInstance("char-lm")) {
			model.setBlock(network);
			try (Trainer trainer = model.newTrainer(config)) {
				trainer.initialize(new Shape(batchSize, this.context, this.alphabet.length()));
				double sum = 0;
				int from = 0;
				for (int step = 1; step <= steps; step++) {
					sum += step(trainer, batchSize);
					if (step * REPORTS / steps > (step - 1) * REPORTS / steps) {
						System.out.printf(Locale.ROOT, "step %4d  loss %.4f%n", step, sum / (step - from));
						sum = 0;
						from = step;
					}
				}
				System.out.println("made up: " + String.join(", ", names(trainer, manager)));
			}
			Safetensors.write(Data.outputs().resolve("model.safetensors"), network.getParameters());
		}
	}

	private double step(Trainer trainer, int batchSize) {
		try (NDManager manager = trainer.getManager().newSubManager()) {
			long[] places = manager.randomInteger(0, this.targets.length, new Shape(batchSize), DataType.INT64)
				.toLongArray();
			long[] next = new long[batchSize];
			float[] before = new float[batchSize * this.context * this.alphabet.length()];
			for (int i = 0; i < batchSize; i++) {
				int place = this.targets[(int) places[i]];
				next[i] = this.text[place];
				for (int k = 0; k < this.context; k++) {
					before[hot(i, k, this.text[place - this.context + k])] = 1;
				}
			}
			NDList labels = new NDList(manager.create(next));
			double value;
			try (GradientCollector collector = trainer.newGradientCollector()) {
				NDList told = trainer.forward(
						new NDList(manager.create(before, new Shape(batchSize, this.context, this.alphabet.length()))));
				NDArray loss = trainer.getLoss().evaluate(labels, told);
				collector.backward(loss);
				value = loss.getFloat();
				loss.close();
				told.close();
			}
			trainer.step();
			return value;
		}
	}

	private int hot(int sample, int place, long character) {
		return (sample * this.context + place) * this.alphabet.length() + (int) character;
	}

	private List<String> names(Trainer trainer, NDManager manager) {
		List<String> names = new ArrayList<>();
		while (names.size() < NAMES) {
			long[] last = new long[this.context];
			StringBuilder name = new StringBuilder();
			while (name.length() < LONGEST) {
				float[] before = new float[this.context * this.alphabet.length()];
				for (int k = 0; k < this.context; k++) {
					before[hot(0, k, last[k])] = 1;
				}
				int next = draw(trainer, manager, before);
				if (next == 0) {
					break;
				}
				name.append(this.alphabet.charAt(next));
				System.arraycopy(last, 1, last, 0, this.context - 1);
				last[this.context - 1] = next;
			}
			names.add(name.toString());
		}
		return names;
	}

	private int draw(Trainer trainer, NDManager manager, float[] before) {
		try (NDArray given = manager.create(before, new Shape(1, this.context, this.alphabet.length()));
				NDArray told = trainer.evaluate(new NDList(given)).singletonOrThrow();
				NDArray shares = told.softmax(1);
				NDArray drawn = manager.randomUniform(0, 1, new Shape(1))) {
			float left = drawn.getFloat(0);
			float[] chances = shares.toFloatArray();
			for (int i = 0; i < chances.length; i++) {
				left -= chances[i];
				if (left < 0) {
					return i;
				}
			}
			return 0;
		}
	}

}
