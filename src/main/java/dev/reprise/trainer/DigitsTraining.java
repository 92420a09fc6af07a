package dev.reprise.trainer;

import java.util.Locale;

import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.GradientCollector;
import ai.djl.training.Trainer;
import ai.djl.training.dataset.ArrayDataset;
import ai.djl.training.dataset.Batch;
import ai.djl.training.loss.Loss;
import ai.djl.training.optimizer.Optimizer;

/**
 * Trains a network to tell digits, and writes it to {@code model.safetensors}.
 */
final class DigitsTraining {

	private DigitsTraining() {
	}

	static void run(String name, Arguments arguments, Block network, Optimizer optimizer) throws Exception {
		int batchSize = arguments.whole("batchSize");
		try (NDManager manager = NDManager.newBaseManager(); Model model = Model.newInstance(name)) {
			Digits digits = Digits.load(manager);
			ArrayDataset data = new ArrayDataset.Builder().setData(digits.train())
				.optLabels(digits.trainLabels())
				.setSampling(batchSize, true)
				.build();
			model.setBlock(network);
			DefaultTrainingConfig config = new DefaultTrainingConfig(Loss.softmaxCrossEntropyLoss())
				.optOptimizer(optimizer);
			try (Trainer trainer = model.newTrainer(config)) {
				trainer.initialize(new Shape(batchSize, digits.train().getShape().get(1)));
				for (int epoch = 1; epoch <= arguments.whole("epochs"); epoch++) {
					double loss = epoch(trainer, data);
					System.out.printf(Locale.ROOT, "epoch %2d  loss %.4f  test accuracy %.2f%%%n", epoch, loss,
							100 * accuracy(trainer, digits));
				}
			}
			Safetensors.write(Data.outputs().resolve("model.safetensors"), network.getParameters());
		}
	}

	private static double epoch(Trainer trainer, ArrayDataset data) throws Exception {
		double sum = 0;
		int batches = 0;
		for (Batch batch : trainer.iterateDataset(data)) {
			try (batch; GradientCollector collector = trainer.newGradientCollector()) {
				NDList told = trainer.forward(batch.getData(), batch.getLabels());
				NDArray loss = trainer.getLoss().evaluate(batch.getLabels(), told);
				collector.backward(loss);
				sum += loss.getFloat();
				batches++;
			}
			trainer.step();
		}
		return sum / batches;
	}

	private static double accuracy(Trainer trainer, Digits digits) {
		try (NDArray told = trainer.evaluate(new NDList(digits.test())).singletonOrThrow();
				NDArray best = told.argMax(1);
				NDArray right = best.eq(digits.testLabels());
				NDArray number = right.toType(DataType.FLOAT32, false);
				NDArray mean = number.mean()) {
			return mean.getFloat();
		}
	}

}
