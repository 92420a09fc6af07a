package dev.reprise.diff.engine.trace;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

/**
 * Bytes of good traces are changed at random, from a seed that is printed: whatever they
 * are then is said, soon, nothing is thrown, and no trace whose bytes are others is
 * called equal. {@code -Dreprise.fuzz.rounds} makes it longer.
 */
class TraceFuzzTests {

	private static final int ROUNDS = Integer.getInteger("reprise.fuzz.rounds", 800);

	@Test
	void mutatedTraceIsReadOrNotReadButNeverFails(@TempDir Path folder) throws Exception {
		Path left = TracedRuns.write(folder.resolve("left"), 12, 6, null);
		Path right = TracedRuns.write(folder.resolve("right"), 12, 6, null);
		assertThat(TracedRuns.compare(left, right).same()).isTrue();
		assertThat(TracedRuns.compare(left, right).gaps()).isEmpty();
		Path file = right.resolve("record/main/trace/0000");
		byte[] good = Files.readAllBytes(file);
		long seed = Long.getLong("reprise.fuzz.seed", 42L);
		System.out.println("fuzz trace: -Dreprise.fuzz.seed=" + seed);
		Random random = new Random(seed);
		int headers = good.length - 12 * (48 + 6 * 16);
		assertTimeoutPreemptively(Duration.ofSeconds(60L * Math.max(1, ROUNDS / 800)), () -> {
			for (int round = 0; round < ROUNDS; round++) {
				byte[] mutated = mutate(good, (round % 2 == 0) ? headers : good.length, random);
				Files.write(file, mutated);
				try {
					TraceComparison found = TracedRuns.compare(left, right);
					TraceComparison swapped = TracedRuns.compare(right, left);
					assertThat(swapped.coverage()).isEqualTo(found.coverage());
					assertThat(swapped.same()).isEqualTo(found.same());
					if (!Arrays.equals(mutated, 0, mutated.length, good, 0, good.length)
							&& found.coverage() == TraceComparison.Coverage.PRESENT) {
						assertThat(Arrays.equals(rows(mutated, headers), rows(good, headers))
								|| Boolean.FALSE.equals(found.same()))
							.isTrue();
					}
				}
				catch (Throwable ex) {
					throw new AssertionError("seed " + seed + " in round " + round, ex);
				}
			}
		});
	}

	private static byte[] mutate(byte[] good, int before, Random random) {
		byte[] mutated = Arrays.copyOf(good, (random.nextInt(8) == 0) ? random.nextInt(good.length + 40) : good.length);
		for (int i = random.nextInt(3); i >= 0 && mutated.length > 0; i--) {
			int at = random.nextInt(Math.min(before, mutated.length));
			mutated[at] = switch (random.nextInt(4)) {
				case 0 -> (byte) 0xFF;
				case 1 -> 0;
				case 2 -> (byte) (mutated[at] + 1);
				default -> (byte) random.nextInt(256);
			};
		}
		return mutated;
	}

	private static byte[] rows(byte[] file, int headers) {
		return Arrays.copyOfRange(file, headers, Math.max(headers, file.length));
	}

}
