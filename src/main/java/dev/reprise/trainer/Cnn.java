package dev.reprise.trainer;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Blocks;
import ai.djl.nn.LambdaBlock;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.nn.pooling.Pool;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;

/**
 * A network with two convolutions, for digits.
 */
public final class Cnn {

	private static final Shape KERNEL = new Shape(3, 3);

	private static final Shape HALF = new Shape(2, 2);

	private Cnn() {
	}

	/**
	 * Trains it.
	 * @throws Exception if data or disk fails
	 */
	public static void main(String[] args) throws Exception {
		Arguments arguments = new Arguments(args);
		SequentialBlock network = new SequentialBlock();
		network.add(new LambdaBlock((pixels) -> new NDList(pixels.singletonOrThrow().reshape(-1, 1, 8, 8)), "image"));
		for (int layer = 0; layer < 2; layer++) {
			network
				.add(Conv2d.builder()
					.setKernelShape(KERNEL)
					.optPadding(new Shape(1, 1))
					.setFilters(arguments.whole("channels") << layer)
					.build())
				.add(BatchNorm.builder().build())
				.add(Activation.reluBlock())
				.add(Pool.maxPool2dBlock(HALF, HALF));
		}
		network.add(Blocks.batchFlattenBlock()).add(Linear.builder().setUnits(10).build());
		DigitsTraining.run("cnn", arguments, network,
				Optimizer.sgd()
					.setLearningRateTracker(Tracker.fixed(arguments.decimal("learningRate")))
					.optMomentum(0.9f)
					.build());
	}

}
