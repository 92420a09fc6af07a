package dev.reprise.cli.bench;

import java.time.Duration;
import java.time.Instant;
import java.util.Locale;

/**
 * Times in seconds.
 */
final class Seconds {

	private Seconds() {
	}

	static double between(Instant from, Instant to) {
		return Duration.between(from, to).toNanos() / 1e9;
	}

	static double sinceEpoch(Instant at) {
		return between(Instant.EPOCH, at);
	}

	static String text(double seconds) {
		return String.format(Locale.ROOT, "%.3f s", seconds);
	}

}
