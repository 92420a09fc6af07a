package org.example;

import java.io.IOException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

import ai.djl.Model;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
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

/** Trains on samples to which two threads that prefetch add drawn noise, and says itself what goes through each step. */
public final class Prefetching {

    public static void main(String[] args) throws Exception {
        Engine.getInstance().setRandomSeed(7);
        ExecutorService executor = Executors.newFixedThreadPool(2);
        try (Model model = Model.newInstance("prefetching")) {
            SequentialBlock block = new SequentialBlock();
            block.add(Linear.builder().setUnits(1).build());
            model.setBlock(block);
            DefaultTrainingConfig config = new DefaultTrainingConfig(Loss.l2Loss())
                .optOptimizer(Optimizer.sgd().setLearningRateTracker(Tracker.fixed(0.05f)).build())
                .optExecutorService(executor);
            try (Trainer trainer = model.newTrainer(config)) {
                trainer.initialize(new Shape(8, 4));
                for (Batch batch : trainer.iterateDataset(new Noisy.Builder().setSampling(8, false).build())) {
                    Witness.note("batch", "", batch.getData().singletonOrThrow());
                    try (batch; GradientCollector collector = trainer.newGradientCollector()) {
                        NDList told = trainer.forward(batch.getData());
                        Witness.note("output", "01Linear", told.singletonOrThrow());
                        Witness.note("output", "", told.singletonOrThrow());
                        NDArray loss = trainer.getLoss().evaluate(batch.getLabels(), told);
                        Witness.note("loss", "", loss);
                        collector.backward(loss);
                        Witness.gradients("accumulated", block);
                    }
                    Witness.gradients("gradient", block);
                    trainer.step();
                    Witness.stepped(block);
                }
                Witness.save(block);
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
            NDArray noise = manager.randomNormal(new Shape(4)).mul(0.1f);
            NDArray data = manager.create(new float[] {index % 7, index % 5, index % 3, 1}).div(7).add(noise);
            return new Record(new NDList(data), new NDList(manager.create(new float[] {index % 2})));
        }

        @Override
        protected long availableSize() {
            return 256;
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

    private Prefetching() {}
}
