package org.example;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;

/** Draws in a thread, with an operation that is warned of, and starts another process. */
public final class Children {

    public static void main(String[] args) throws Exception {
        Thread thread = new Thread(Children::draw);
        thread.start();
        thread.join();
        new ProcessBuilder("sh", "-c", "echo child > child.txt")
            .start() // starts
            .waitFor();
    }

    private static void draw() {
        try (NDManager manager = NDManager.newBaseManager()) {
            NDArray array = manager.randomUniform(0, 1, new Shape(4));
            array.put(manager.create(new long[] {1, 2}), manager.create(new float[] {3, 4})); // puts
            Files.writeString(Path.of("drawn.txt"), new Random().nextDouble() + " " + Arrays.toString(array.toFloatArray()));
        }
        catch (java.io.IOException problem) {
            throw new java.io.UncheckedIOException(problem);
        }
    }

    private Children() {}
}
