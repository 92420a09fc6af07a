import java.time.Instant;

import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Blocks;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.Dropout;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.GradientCollector;
import ai.djl.training.Trainer;
import ai.djl.training.dataset.ArrayDataset;
import ai.djl.training.dataset.Batch;
import ai.djl.training.loss.Loss;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;

/** Trains one step with DJL, and tells when its main method was entered and when the step was done. */
public final class FirstStep {

    public static void main(String[] args) throws Exception {
        Instant entered = Instant.now();
        Instant done = null;
        try (NDManager manager = NDManager.newBaseManager(); Model model = Model.newInstance("first")) {
            NDArray points = manager.randomNormal(new Shape(32, 16));
            NDArray labels = points.sum(new int[] {1}).gt(0).toType(ai.djl.ndarray.types.DataType.INT64, false);
            ArrayDataset data = new ArrayDataset.Builder().setData(points).optLabels(labels).setSampling(32, true).build();
            SequentialBlock block = new SequentialBlock();
            block.add(Blocks.batchFlattenBlock(16)).add(Linear.builder().setUnits(32).build()).add(Activation::relu)
                .add(Dropout.builder().optRate(0.2f).build()).add(Linear.builder().setUnits(2).build());
            model.setBlock(block);
            DefaultTrainingConfig config = new DefaultTrainingConfig(Loss.softmaxCrossEntropyLoss())
                .optOptimizer(Optimizer.adam().optLearningRateTracker(Tracker.fixed(0.01f)).build());
            try (Trainer trainer = model.newTrainer(config)) {
                trainer.initialize(new Shape(32, 16));
                for (Batch batch : trainer.iterateDataset(data)) {
                    try (batch; GradientCollector collector = trainer.newGradientCollector()) {
                        NDList told = trainer.forward(batch.getData(), batch.getLabels());
                        collector.backward(trainer.getLoss().evaluate(batch.getLabels(), told));
                    }
                    trainer.step();
                    done = Instant.now();
                }
            }
        }
        System.out.println(entered + " " + done);
    }

    private FirstStep() {}
}
