package dev.reprise.queue.schedule;

import java.time.Duration;
import java.time.Instant;

/**
 * A run that waits.
 *
 * @param id sorts by age
 * @param attempt the number of its last attempt, 0 for none
 * @param priority higher goes first
 * @param project whom it is counted for
 * @param demand what it needs
 * @param timeout how long an attempt may run
 */
public record WaitingRun(String id, int attempt, int priority, String project, Demand demand, Duration timeout) {

	/**
	 * What an attempt may take beside its time: its workspace is laid out before, and
	 * what it left is collected after.
	 */
	static final Duration AROUND = Duration.ofMinutes(1);

	/**
	 * When an attempt that starts now has ended.
	 */
	public Instant latestEnd(Instant now) {
		return now.plus(this.timeout).plus(AROUND);
	}

}
