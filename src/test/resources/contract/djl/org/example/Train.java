package org.example;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

import ai.djl.Model;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.nn.norm.Dropout;
import ai.djl.pytorch.jni.JniUtils;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.GradientCollector;
import ai.djl.training.Trainer;
import ai.djl.training.loss.Loss;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;

/** Trains a small network for five steps: after a seed of its own, or with another number of threads from the third step on. */
public final class Train {

    public static void main(String[] args) throws Exception {
        boolean drifts = args.length > 0 && args[0].equals("drift");
        if (args.length > 0 && !drifts) {
            Engine.getInstance().setRandomSeed(Integer.parseInt(args[0])); // seeds
        }
        SequentialBlock block = new SequentialBlock();
        block.add(Linear.builder().setUnits(8).build()).add(BatchNorm.builder().build()).add(Activation.reluBlock())
            .add(Dropout.builder().optRate(0.2f).build()).add(Linear.builder().setUnits(1).build());
        DefaultTrainingConfig config = new DefaultTrainingConfig(Loss.l2Loss())
            .optOptimizer(Optimizer.sgd().setLearningRateTracker(Tracker.fixed(0.1f)).optMomentum(0.9f).build());
        try (Model model = Model.newInstance("net")) {
            model.setBlock(block);
            try (Trainer trainer = model.newTrainer(config)) {
                trainer.initialize(new Shape(16, 4));
                float last = 0;
                for (int step = 0; step < 5; step++) {
                    if (step == 2 && drifts) {
                        JniUtils.setNumThreads(2); // drifts
                    }
                    NDArray points = trainer.getManager().randomNormal(new Shape(16, 4));
                    try (GradientCollector collector = trainer.newGradientCollector()) {
                        NDList told = trainer.forward(new NDList(points));
                        NDArray loss = trainer.getLoss().evaluate(new NDList(points.sum(new int[] {1}, true)), told);
                        collector.backward(loss);
                        last = loss.getFloat();
                    }
                    trainer.step();
                }
                StringBuilder out = new StringBuilder();
                block.getParameters().forEach(pair -> out.append(pair.getKey()).append(' ')
                    .append(Arrays.toString(pair.getValue().getArray().toFloatArray())).append('\n'));
                Files.createDirectory(Path.of("model"));
                Files.writeString(Path.of("model/weights.txt"), out);
                Files.writeString(Path.of(System.getenv("REPRISE_OUTPUT_DIR"), "loss.txt"), Float.toString(last));
            }
        }
    }

    private Train() {}
}
