package dev.reprise.queue.schedule;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/**
 * What each project used of late: its share of the machine times seconds, of which half
 * is forgotten every hour. Not for use by several threads at once.
 */
public final class Usage {

	private static final double HALF_LIFE = Duration.ofHours(1).toSeconds();

	/**
	 * A millionth of the machine for a second: as good as nothing.
	 */
	private static final double NOTHING = 1e-6;

	private final Map<String, Double> used = new HashMap<>();

	private Instant at = Instant.EPOCH;

	/**
	 * Counts what was used.
	 * @param share 0 to 1
	 */
	public void add(String project, double share, Duration time, Instant now) {
		forget(now);
		this.used.merge(project, Math.max(0, share * time.toMillis() / 1000.0), Double::sum);
	}

	/**
	 * What each used, as it counts now.
	 */
	public Map<String, Double> at(Instant now) {
		forget(now);
		return Map.copyOf(this.used);
	}

	private void forget(Instant now) {
		double seconds = Duration.between(this.at, now).toMillis() / 1000.0;
		// A clock that went back forgets nothing.
		if (seconds > 0) {
			double kept = Math.pow(0.5, seconds / HALF_LIFE);
			this.used.replaceAll((project, value) -> value * kept);
			this.used.values().removeIf((value) -> value < NOTHING);
			this.at = now;
		}
	}

}
