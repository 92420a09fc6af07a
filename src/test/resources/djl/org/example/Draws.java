package org.example;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Writes what follows from randomness of Java's own. */
public final class Draws {

    public static void main(String[] args) throws Exception {
        StringBuilder out = new StringBuilder();
        for (String what : args) {
            out.append(what).append(' ').append(drawn(what)).append('\n');
        }
        Files.writeString(Path.of("draws.txt"), out);
    }

    private static Object drawn(String what) {
        return switch (what) {
            case "random" -> new Random().nextLong() + " " + new Random().nextLong();
            case "shuffle" -> {
                List<Integer> list = new ArrayList<>(IntStream.range(0, 20).boxed().toList());
                Collections.shuffle(list);
                yield list;
            }
            case "reference" -> Stream.generate(Random::new).limit(2).map(Random::nextLong).toList();
            case "splittable" -> Stream.generate(SplittableRandom::new).limit(2).map(SplittableRandom::nextLong).toList();
            case "shuffles" -> {
                Consumer<List<?>> shuffles = Collections::shuffle;
                List<Integer> list = new ArrayList<>(IntStream.range(0, 20).boxed().toList());
                shuffles.accept(list);
                yield list;
            }
            case "set" -> List.copyOf(Set.of("alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta"));
            case "map" -> Map.of("a", 1, "b", 2, "c", 3, "d", 4, "e", 5, "f", 6).toString();
            case "identity" -> {
                Set<Object> set = new HashSet<>();
                List<Object> made = new ArrayList<>();
                for (int i = 0; i < 50; i++) {
                    Object one = new Object();
                    made.add(one);
                    set.add(one);
                }
                yield set.stream().map(made::indexOf).toList();
            }
            default -> throw new IllegalArgumentException(what);
        };
    }

    private Draws() {}
}
