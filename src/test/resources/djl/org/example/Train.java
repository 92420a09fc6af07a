package org.example;

import java.nio.file.Path;

import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Blocks;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.Dropout;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.EasyTrain;
import ai.djl.training.Trainer;
import ai.djl.training.dataset.ArrayDataset;
import ai.djl.training.evaluator.Accuracy;
import ai.djl.training.listener.TrainingListener;
import ai.djl.training.loss.Loss;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;

/** Trains a small network on drawn points, as DJL's tutorials do. */
public final class Train {

    public static void main(String[] args) throws Exception {
        int epochs = args.length > 0 ? Integer.parseInt(args[0]) : 2;
        try (NDManager manager = NDManager.newBaseManager(); Model model = Model.newInstance("mlp")) {
            NDArray points = manager.randomNormal(new Shape(256, 16));
            NDArray labels = points.sum(new int[] {1}).gt(0).toType(ai.djl.ndarray.types.DataType.INT64, false);
            ArrayDataset data = new ArrayDataset.Builder().setData(points).optLabels(labels).setSampling(32, true).build();
            SequentialBlock block = new SequentialBlock();
            block.add(Blocks.batchFlattenBlock(16)).add(Linear.builder().setUnits(32).build()).add(Activation::relu)
                .add(Dropout.builder().optRate(0.2f).build()).add(Linear.builder().setUnits(2).build());
            model.setBlock(block);
            DefaultTrainingConfig config = new DefaultTrainingConfig(Loss.softmaxCrossEntropyLoss())
                .addEvaluator(new Accuracy())
                .optOptimizer(Optimizer.adam().optLearningRateTracker(Tracker.fixed(0.01f)).build())
                .addTrainingListeners(TrainingListener.Defaults.basic());
            try (Trainer trainer = model.newTrainer(config)) {
                trainer.initialize(new Shape(32, 16));
                EasyTrain.fit(trainer, epochs, data, null);
                System.out.println("loss " + trainer.getTrainingResult().getTrainLoss());
            }
            model.save(Path.of("model"), "mlp");
        }
    }

    private Train() {}
}
