package org.example;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;

/** Writes into an array by indices, for which there is no deterministic implementation. */
public final class Put {

    public static void main(String[] args) {
        try (NDManager manager = NDManager.newBaseManager()) {
            NDArray array = manager.zeros(new Shape(4));
            if (args.length > 0) {
                try {
                    write(manager, array);
                }
                catch (EngineException swallowed) {
                    System.out.println("swallowed");
                }
                return;
            }
            write(manager, array);
            System.out.println(array.sum().getFloat());
        }
    }

    private static void write(NDManager manager, NDArray array) {
        array.put(manager.create(new long[] {1, 2}), manager.create(new float[] {3, 4})); // puts
    }

    private Put() {}
}
