package org.example;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

import ai.djl.Model;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.Blocks;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.nn.norm.Dropout;
import ai.djl.pytorch.jni.JniUtils;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.GradientCollector;
import ai.djl.training.ParameterStore;
import ai.djl.training.Trainer;
import ai.djl.training.loss.Loss;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import ai.djl.util.Pair;
import ai.djl.util.PairList;

/** A small classifier, trained by hand, that says itself what goes through each step. */
public final class Witnessed {

    private static final int SIZE = 8;

    public static void main(String[] args) throws Exception {
        Map<String, String> options = new HashMap<>(Map.of("rate", "0.05", "dropout", "0.5", "net", "mlp", "momentum", "0.1"));
        for (int i = 0; i < args.length; i += 2) {
            options.put(args[i].substring(2), args[i + 1]);
        }
        float rate = Float.parseFloat(options.get("rate"));
        boolean conv = options.get("net").equals("conv");
        // HERE: seed
        List<String> lines = Files.readAllLines(Path.of("data.csv"));
        Map<String, Block> parts = new LinkedHashMap<>();
        if (conv) {
            parts.put("conv1", Conv2d.builder().setKernelShape(new Shape(3, 3)).setFilters(8).build());
            parts.put("relu", Activation.reluBlock());
            parts.put("conv2", Conv2d.builder().setKernelShape(new Shape(3, 3)).setFilters(8).build());
            parts.put("flat", Blocks.batchFlattenBlock());
        } else {
            parts.put("fc1", Linear.builder().setUnits(32).build());
            parts.put("norm", BatchNorm.builder().optMomentum(Float.parseFloat(options.get("momentum"))).build());
            parts.put("relu", Activation.reluBlock());
            parts.put("drop", Dropout.builder().optRate(Float.parseFloat(options.get("dropout"))).build());
        }
        parts.put("head", Linear.builder().setUnits(4).build());
        Net net = new Net(parts);
        try (NDManager manager = NDManager.newBaseManager(); Model model = Model.newInstance("witnessed")) {
            model.setBlock(net);
            // HERE: rate
            DefaultTrainingConfig config = new DefaultTrainingConfig(Loss.softmaxCrossEntropyLoss())
                .optOptimizer(Optimizer.sgd().setLearningRateTracker(Tracker.fixed(rate)).optMomentum(0.9f).build());
            try (Trainer trainer = model.newTrainer(config)) {
                Shape shape = conv ? new Shape(6 * SIZE, 3, 16, 16) : new Shape(SIZE, 16);
                trainer.initialize(shape);
                // HERE: model
                for (int step = 0; step < 16; step++) {
                    // HERE: load
                    int first = step % 8 * SIZE;
                    List<Integer> order = IntStream.range(first, first + SIZE).boxed().toList();
                    // HERE: order
                    try (NDManager scope = trainer.getManager().newSubManager()) {
                        NDArray noise = scope.randomNormal(shape);
                        NDArray batch = conv ? noise : scope.create(points(lines, order), shape).add(noise.mul(0.05f));
                        long[] digits = labels(lines, order, (int) shape.get(0));
                        // HERE: batch
                        Witness.note("batch", "", batch);
                        try (GradientCollector collector = trainer.newGradientCollector()) {
                            NDList told = trainer.forward(new NDList(batch));
                            NDArray loss = trainer.getLoss().evaluate(new NDList(scope.create(digits)), told);
                            Witness.note("loss", "", loss);
                            collector.backward(loss);
                            Witness.gradients("accumulated", net);
                        }
                        // HERE: backward
                        Witness.gradients("gradient", net);
                        trainer.step();
                    }
                    Witness.stepped(net);
                    // HERE: end
                }
            }
            Witness.save(net);
        }
    }

    private static float[] points(List<String> lines, List<Integer> order) {
        float[] points = new float[16 * order.size()];
        for (int i = 0; i < order.size(); i++) {
            String[] numbers = lines.get(order.get(i)).split(",", -1);
            for (int k = 0; k < 16; k++) {
                points[16 * i + k] = Float.parseFloat(numbers[k]);
            }
        }
        return points;
    }

    private static long[] labels(List<String> lines, List<Integer> order, int count) {
        long[] labels = new long[count];
        for (int i = 0; i < count; i++) {
            labels[i] = Long.parseLong(lines.get(order.get(i % SIZE)).split(",", -1)[16]);
        }
        return labels;
    }

    /** Blocks in a row, of which each output is noted. */
    private static final class Net extends AbstractBlock {

        Net(Map<String, Block> parts) {
            parts.forEach(this::addChildBlock);
        }

        @Override
        protected NDList forwardInternal(ParameterStore store, NDList inputs, boolean training, PairList<String, Object> params) {
            NDList values = inputs;
            for (Pair<String, Block> child : getChildren()) {
                values = child.getValue().forward(store, values, training);
                Witness.note("output", child.getKey(), values.singletonOrThrow());
            }
            Witness.note("output", "", values.singletonOrThrow());
            return values;
        }

        @Override
        public Shape[] getOutputShapes(Shape[] inputs) {
            Shape[] shapes = inputs;
            for (Block child : getChildren().values()) {
                shapes = child.getOutputShapes(shapes);
            }
            return shapes;
        }

        @Override
        protected void initializeChildBlocks(NDManager manager, DataType type, Shape... inputs) {
            Shape[] shapes = inputs;
            for (Block child : getChildren().values()) {
                child.initialize(manager, type, shapes);
                shapes = child.getOutputShapes(shapes);
            }
        }
    }

    private static List<Integer> shuffled(List<Integer> order) {
        List<Integer> list = new java.util.ArrayList<>(order);
        java.util.Collections.shuffle(list);
        return list;
    }

    private Witnessed() {}
}
