package dev.reprise.cli.bench;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;

import dev.reprise.artifact.FileHasher;

/**
 * The service's hasher against OpenSSL, on one file that is in the page cache.
 */
final class HashingSpeed {

	private static final double TARGET = 0.9;

	private static final int MIB = 1 << 20;

	private final Path scratch;

	HashingSpeed(Path scratch) {
		this.scratch = scratch;
	}

	Measurement measure(int mebibytes, int pairs) throws IOException, InterruptedException {
		Path file = this.scratch.resolve("hashed");
		write(file, mebibytes);
		double bytes = (double) mebibytes * MIB;
		List<Double> ours = new ArrayList<>();
		List<Double> theirs = new ArrayList<>();
		List<Double> ratios = new ArrayList<>();
		ours(file);
		theirs(file);
		for (int pair = 0; pair < pairs; pair++) {
			boolean oursFirst = pair % 2 == 0;
			double our = oursFirst ? ours(file) : 0;
			double their = theirs(file);
			our = oursFirst ? our : ours(file);
			ours.add(bytes / our);
			theirs.add(bytes / their);
			ratios.add(their / our);
		}
		Files.delete(file);
		Samples ratio = new Samples(ratios);
		double our = new Samples(ours).median();
		double their = new Samples(theirs).median();
		return new Measurement("1. SHA-256 of a file of " + mebibytes + " MiB in the page cache",
				"bytes hashed a second, service to openssl", two(ratio.median()), ratio.spread(HashingSpeed::two),
				pairs, "at least " + TARGET, ratio.median() >= TARGET,
				List.of(new Measurement.Bar("service", our, speed(our)),
						new Measurement.Bar("openssl", their, speed(their))),
				List.of());
	}

	private static double ours(Path file) throws IOException {
		long start = System.nanoTime();
		String digest = FileHasher.hash(file).hex();
		double seconds = (System.nanoTime() - start) / 1e9;
		if (digest.length() != 64) {
			throw new IllegalStateException("that is no SHA-256: " + digest);
		}
		return seconds;
	}

	private double theirs(Path file) throws IOException, InterruptedException {
		Path out = this.scratch.resolve("openssl.log");
		ProcessBuilder builder = new ProcessBuilder("openssl", "dgst", "-sha256", file.toString())
			.redirectErrorStream(true)
			.redirectOutput(out.toFile());
		long start = System.nanoTime();
		int code = builder.start().waitFor();
		double seconds = (System.nanoTime() - start) / 1e9;
		if (code != 0) {
			throw new IOException("openssl: " + Files.readString(out, StandardCharsets.UTF_8).strip());
		}
		return seconds;
	}

	private static void write(Path file, int mebibytes) throws IOException {
		byte[] block = new byte[MIB];
		new Random(42).nextBytes(block);
		try (OutputStream out = Files.newOutputStream(file)) {
			for (int i = 0; i < mebibytes; i++) {
				out.write(block);
			}
		}
	}

	private static String two(double value) {
		return String.format(Locale.ROOT, "%.2f", value);
	}

	private static String speed(double bytes) {
		return String.format(Locale.ROOT, "%.2f GB/s", bytes / 1e9);
	}

}
