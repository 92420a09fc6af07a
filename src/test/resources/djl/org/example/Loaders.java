package org.example;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

import ai.djl.Model;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.GradientCollector;
import ai.djl.training.Trainer;
import ai.djl.training.dataset.Batch;
import ai.djl.training.dataset.RandomAccessDataset;
import ai.djl.training.dataset.Record;
import ai.djl.training.loss.Loss;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import ai.djl.util.Progress;

/** Trains on a data set of its own with two threads that prefetch, each sample with drawn noise. */
public final class Loaders {

    public static void main(String[] args) throws Exception {
        if (args.length > 0) {
            Engine.getInstance().setRandomSeed(Integer.parseInt(args[0]));
        }
        ExecutorService executor = Executors.newFixedThreadPool(2);
        try (Model model = Model.newInstance("noisy")) {
            SequentialBlock block = new SequentialBlock();
            block.add(Linear.builder().setUnits(16).build()).add(Activation.reluBlock()).add(Linear.builder().setUnits(1).build());
            model.setBlock(block);
            DefaultTrainingConfig config = new DefaultTrainingConfig(Loss.l2Loss())
                .optOptimizer(Optimizer.sgd().setLearningRateTracker(Tracker.fixed(0.05f)).build())
                .optExecutorService(executor);
            try (Trainer trainer = model.newTrainer(config)) {
                trainer.initialize(new Shape(8, 4));
                Noisy data = new Noisy.Builder().setSampling(8, true).build();
                for (int epoch = 0; epoch < 3; epoch++) {
                    for (Batch batch : trainer.iterateDataset(data)) {
                        try (GradientCollector collector = trainer.newGradientCollector()) {
                            NDList told = trainer.forward(batch.getData());
                            NDArray loss = trainer.getLoss().evaluate(batch.getLabels(), told);
                            collector.backward(loss);
                        }
                        trainer.step();
                        batch.close();
                    }
                }
                StringBuilder out = new StringBuilder();
                block.getParameters().forEach(pair -> out.append(pair.getKey()).append(' ')
                    .append(Arrays.toString(pair.getValue().getArray().toFloatArray())).append('\n'));
                Files.writeString(Path.of("weights.txt"), out);
            }
        }
        executor.shutdown();
    }

    private static final class Noisy extends RandomAccessDataset {

        private Noisy(Builder builder) {
            super(builder);
        }

        @Override
        public Record get(NDManager manager, long index) {
            NDArray noise = manager.randomNormal(new Shape(4));
            NDArray data = manager.create(new float[] {index % 7, index % 5, index % 3, 1}).div(7).add(noise.mul(0.1f));
            return new Record(new NDList(data), new NDList(manager.create(new float[] {index % 2})));
        }

        @Override
        protected long availableSize() {
            return 96;
        }

        @Override
        public void prepare(Progress progress) throws IOException {}

        static final class Builder extends BaseBuilder<Builder> {

            @Override
            protected Builder self() {
                return this;
            }

            Noisy build() {
                return new Noisy(this);
            }
        }
    }

    private Loaders() {}
}
