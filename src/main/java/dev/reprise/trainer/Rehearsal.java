package dev.reprise.trainer;

import java.util.Locale;
import java.util.Random;

import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Blocks;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.nn.norm.Dropout;
import ai.djl.nn.pooling.Pool;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.EasyTrain;
import ai.djl.training.GradientCollector;
import ai.djl.training.Trainer;
import ai.djl.training.dataset.ArrayDataset;
import ai.djl.training.dataset.Batch;
import ai.djl.training.evaluator.Accuracy;
import ai.djl.training.listener.TrainingListener;
import ai.djl.training.loss.Loss;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;

/**
 * Does for a moment what programs with DJL do, so that the JDK keeps the classes that
 * they use in its cache. No job runs it.
 */
public final class Rehearsal {

	private Rehearsal() {
	}

	/**
	 * Trains two small networks on drawn points, by DJL's loop and by a loop of its own.
	 * @throws Exception if the engine fails
	 */
	public static void main(String[] args) throws Exception {
		long start = System.nanoTime();
		try (NDManager manager = NDManager.newBaseManager()) {
			NDArray points = manager.randomNormal(new Shape(64, 1, 8, 8));
			NDArray labels = points.sum(new int[] { 1, 2, 3 }).gt(0).toType(DataType.INT64, false);
			ArrayDataset data = new ArrayDataset.Builder().setData(points)
				.optLabels(labels)
				.setSampling(32, true)
				.build();
			SequentialBlock convolutions = new SequentialBlock();
			convolutions.add(Conv2d.builder().setKernelShape(new Shape(3, 3)).setFilters(4).build())
				.add(BatchNorm.builder().build())
				.add(Activation::relu)
				.add(Pool.maxPool2dBlock(new Shape(2, 2), new Shape(2, 2)))
				.add(Blocks.batchFlattenBlock())
				.add(Linear.builder().setUnits(2).build());
			train(data, convolutions, Optimizer.sgd().setLearningRateTracker(Tracker.fixed(0.01f)).build(), true);
			SequentialBlock layers = new SequentialBlock();
			layers.add(Blocks.batchFlattenBlock(64))
				.add(Linear.builder().setUnits(8).build())
				.add(Activation.reluBlock())
				.add(Dropout.builder().optRate(0.1f).build())
				.add(Linear.builder().setUnits(2).build());
			train(data, layers, Optimizer.adam().optLearningRateTracker(Tracker.fixed(0.01f)).build(), false);
		}
		System.out.printf(Locale.ROOT, "%d ms, %d%n", (System.nanoTime() - start) / 1_000_000, new Random().nextInt());
	}

	private static void train(ArrayDataset data, SequentialBlock network, Optimizer optimizer, boolean easily)
			throws Exception {
		try (Model model = Model.newInstance("rehearsal")) {
			model.setBlock(network);
			DefaultTrainingConfig config = new DefaultTrainingConfig(Loss.softmaxCrossEntropyLoss())
				.addEvaluator(new Accuracy())
				.optOptimizer(optimizer)
				.addTrainingListeners(TrainingListener.Defaults.basic());
			try (Trainer trainer = model.newTrainer(config)) {
				trainer.initialize(new Shape(32, 1, 8, 8));
				if (easily) {
					EasyTrain.fit(trainer, 1, data, null);
				}
				for (Batch batch : trainer.iterateDataset(data)) {
					try (batch; GradientCollector collector = trainer.newGradientCollector()) {
						NDList told = trainer.forward(batch.getData(), batch.getLabels());
						collector.backward(trainer.getLoss().evaluate(batch.getLabels(), told));
					}
					trainer.step();
				}
			}
		}
	}

}
