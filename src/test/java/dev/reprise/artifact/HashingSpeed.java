package dev.reprise.artifact;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Measures {@link FileHasher} against {@code openssl dgst -sha256} on one file that is in
 * the page cache: the median of several rounds, in turns. Not a test: run it by hand on a
 * machine that is at rest.
 */
final class HashingSpeed {

	private static final int ROUNDS = 7;

	private HashingSpeed() {
	}

	public static void main(String[] arguments) throws IOException, InterruptedException {
		Path file = Path.of(arguments[0]);
		double[] ours = new double[ROUNDS];
		double[] theirs = new double[ROUNDS];
		FileHasher.hash(file);
		for (int i = 0; i < ROUNDS; i++) {
			long start = System.nanoTime();
			FileHasher.hash(file);
			ours[i] = (System.nanoTime() - start) / 1e9;
			start = System.nanoTime();
			Subprocess.run("openssl", "dgst", "-sha256", file.toString());
			theirs[i] = (System.nanoTime() - start) / 1e9;
		}
		Arrays.sort(ours);
		Arrays.sort(theirs);
		double our = ours[ROUNDS / 2];
		double their = theirs[ROUNDS / 2];
		System.out.printf("FileHasher %.3f s, openssl %.3f s, speed ratio %.3f%n", our, their, their / our);
	}

}
