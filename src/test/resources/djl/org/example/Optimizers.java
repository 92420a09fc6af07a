package org.example;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.GradientCollector;
import ai.djl.training.Trainer;
import ai.djl.training.loss.Loss;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;

/** Trains with an optimizer, two backward passes a step; a second model is trained in turns with it, and models are made anew. */
public final class Optimizers {

    public static void main(String[] args) throws Exception {
        for (int again = 0; again < 2; again++) {
            try (Model one = Model.newInstance("one"); Model other = Model.newInstance("other")) {
                one.setBlock(new SequentialBlock().add(Linear.builder().setUnits(3).build()));
                other.setBlock(new SequentialBlock().add(Linear.builder().setUnits(2).build()));
                try (Trainer first = trainer(one, args[0]); Trainer second = trainer(other, args[0])) {
                    for (int step = 0; step < 2; step++) {
                        train(first);
                        train(second);
                    }
                }
            }
        }
    }

    private static Trainer trainer(Model model, String optimizer) {
        Trainer trainer = model.newTrainer(new DefaultTrainingConfig(Loss.l2Loss()).optOptimizer(optimizer(optimizer)));
        trainer.initialize(new Shape(4, 5));
        return trainer;
    }

    private static void train(Trainer trainer) {
        try (NDManager scope = trainer.getManager().newSubManager(); GradientCollector collector = trainer.newGradientCollector()) {
            for (int part = 0; part < 2; part++) {
                NDList told = trainer.forward(new NDList(scope.randomNormal(new Shape(4, 5))));
                collector.backward(trainer.getLoss().evaluate(new NDList(told.singletonOrThrow().zerosLike()), told));
            }
        }
        trainer.step();
    }

    private static Optimizer optimizer(String name) {
        Tracker rate = Tracker.fixed(0.1f);
        return switch (name) {
            case "sgd" -> Optimizer.sgd().setLearningRateTracker(rate).optMomentum(0.9f).build();
            case "adam" -> Optimizer.adam().optLearningRateTracker(rate).build();
            case "adamw" -> Optimizer.adamW().optLearningRateTracker(rate).build();
            case "own" -> new Own(null);
            case "own-list" -> new Own(new ArrayList<>());
            default -> throw new IllegalArgumentException(name);
        };
    }

    private static final class Own extends Optimizer {

        private final Map<String, NDArray> velocities = new HashMap<>();

        private final List<NDArray> kept;

        Own(List<NDArray> kept) {
            super(new Builder());
            this.kept = kept;
        }

        @Override
        public void update(String parameterId, NDArray weight, NDArray gradient) {
            NDArray velocity = velocities.computeIfAbsent(parameterId, missing -> weight.zerosLike());
            velocity.muli(0.9f).addi(gradient);
            weight.subi(velocity.mul(0.1f));
        }

        private static final class Builder extends OptimizerBuilder<Builder> {

            @Override
            protected Builder self() {
                return this;
            }
        }
    }

    private Optimizers() {}
}
