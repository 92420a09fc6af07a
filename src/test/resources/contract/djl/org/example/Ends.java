package org.example;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;

/** Leaves a file and a process, and then does not end by itself. */
public final class Ends {

    public static void main(String[] args) throws Exception {
        Files.writeString(Path.of("left.txt"), "left");
        new ProcessBuilder("sleep", "1000").start();
        switch (args[0]) {
            case "heap" -> {
                List<byte[]> held = new ArrayList<>();
                while (true) {
                    held.add(new byte[1 << 24]);
                }
            }
            case "native" -> {
                List<NDArray> held = new ArrayList<>();
                NDManager manager = NDManager.newBaseManager();
                while (true) {
                    held.add(manager.ones(new Shape(1 << 24)));
                }
            }
            case "saves" -> Runtime.getRuntime().addShutdownHook(new Thread(Ends::save));
            default -> Runtime.getRuntime().addShutdownHook(new Thread(Ends::stay));
        }
        System.out.println("ready");
        stay();
    }

    private static void save() {
        try {
            Files.writeString(Path.of("saved.txt"), "saved");
        }
        catch (IOException problem) {
            throw new java.io.UncheckedIOException(problem);
        }
    }

    private static void stay() {
        while (true) {
            try {
                Thread.sleep(1000);
            }
            catch (InterruptedException problem) {
                return;
            }
        }
    }

    private Ends() {}
}
