package org.example;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.Block;

/**
 * What a program itself says it computed, step by step, in SHA-256. It shares nothing with the
 * tracer: the program hands over each value by an explicit call.
 */
final class Witness {

    private static final StringBuilder NOTES = new StringBuilder();

    private static int step;

    static void note(String kind, String name, NDArray value) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update((value.getDataType() + Arrays.toString(value.getShape().getShape())).getBytes());
            byte[] hash = digest.digest(value.toByteArray());
            NOTES.append("note ").append(step).append(' ').append(kind).append(" <").append(name).append("> ")
                .append(HexFormat.of().formatHex(hash)).append('\n');
        } catch (java.security.NoSuchAlgorithmException ex) {
            throw new IllegalStateException(ex);
        }
    }

    static void gradients(String kind, Block model) {
        model.getParameters().forEach(pair -> {
            if (pair.getValue().requiresGradient()) {
                try (NDArray gradient = pair.getValue().getArray().getGradient()) {
                    note(kind, pair.getKey(), gradient);
                }
            }
        });
    }

    /** After the optimizer's step: the next one begins. */
    static void stepped(Block model) {
        for (boolean trained : new boolean[] {true, false}) {
            model.getParameters().forEach(pair -> {
                if (pair.getValue().requiresGradient() == trained) {
                    note(trained ? "parameter" : "buffer", pair.getKey(), pair.getValue().getArray());
                }
            });
        }
        step++;
    }

    /** Writes the weights, which are an output, and says what was noted, which is none. */
    static void save(Block model) throws java.io.IOException {
        StringBuilder out = new StringBuilder();
        model.getParameters().forEach(pair -> out.append(pair.getKey()).append(' ')
            .append(Arrays.toString(pair.getValue().getArray().toFloatArray())).append('\n'));
        Files.writeString(Path.of("weights.txt"), out);
        System.out.print(NOTES);
        System.out.flush();
    }

    private Witness() {}
}
