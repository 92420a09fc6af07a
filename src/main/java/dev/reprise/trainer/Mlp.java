package dev.reprise.trainer;

import ai.djl.nn.Activation;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.Dropout;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;

/**
 * A network with two hidden layers, for digits.
 */
public final class Mlp {

	private Mlp() {
	}

	/**
	 * Trains it.
	 * @throws Exception if data or disk fails
	 */
	public static void main(String[] args) throws Exception {
		Arguments arguments = new Arguments(args);
		SequentialBlock network = new SequentialBlock();
		for (int layer = 0; layer < 2; layer++) {
			network.add(Linear.builder().setUnits(arguments.whole("hidden")).build())
				.add(Activation.reluBlock())
				.add(Dropout.builder().optRate(arguments.decimal("dropout")).build());
		}
		network.add(Linear.builder().setUnits(10).build());
		DigitsTraining.run("mlp", arguments, network,
				Optimizer.adam().optLearningRateTracker(Tracker.fixed(arguments.decimal("learningRate"))).build());
	}

}
