package org.example;

import java.nio.file.Files;
import java.nio.file.Path;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;

/** Uses a class of another jar, and says where DJL's come from. */
public final class Helped {

    public static void main(String[] args) throws Exception {
        try (NDManager manager = NDManager.newBaseManager()) {
            Files.writeString(Path.of("drawn.txt"), Helper.sum(manager.randomNormal(new Shape(8))) + "\n");
        }
        for (Class<?> one : new Class<?>[] {NDManager.class, Class.forName("ai.djl.pytorch.engine.PtEngine"), Helper.class}) {
            System.out.println(one.getSimpleName() + " of " + one.getProtectionDomain().getCodeSource().getLocation().getPath());
        }
    }

    private Helped() {}
}
