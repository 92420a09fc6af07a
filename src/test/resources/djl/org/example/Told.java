package org.example;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;

/** Trains, orders classes by their identity, swallows what is refused, and tells whether the JVM has a cache of classes. */
public final class Told {

    public static void main(String[] args) throws Exception {
        Train.main(new String[] {"1"});
        Set<Object> classes = new HashSet<>(Arrays.asList(String.class, Integer.class, Path.class, NDManager.class, NDArray.class, Shape.class,
            NDIndex.class, Told.class, Thread.State.NEW, Thread.State.BLOCKED, Thread.State.RUNNABLE));
        Files.writeString(Path.of("order.txt"), classes + "\n");
        try (NDManager manager = NDManager.newBaseManager()) {
            manager.zeros(new Shape(4)).put(manager.create(new long[] {1, 2}), manager.create(new float[] {3, 4}));
        }
        catch (EngineException swallowed) {
            System.out.println("refused");
        }
        System.out.println(Files.readString(Path.of("/proc/self/maps")).contains(".aot") ? "with a cache" : "without a cache");
    }

    private Told() {}
}
