package dev.reprise.executor.local;

import java.util.concurrent.atomic.AtomicLong;

import dev.reprise.executor.Limits;

/**
 * What the two streams of one job may write, and how much of that is kept.
 */
final class LogBudget {

	private final AtomicLong left;

	private final AtomicLong headLeft;

	private final long part;

	LogBudget(Limits limits) {
		this.left = new AtomicLong(limits.logs());
		this.headLeft = new AtomicLong(limits.keptLogs() / 2);
		// Two streams, each with two parts of a tail.
		this.part = Math.max(1, limits.keptLogs() / 8);
	}

	/**
	 * Notes that bytes were written.
	 * @return whether they were still allowed
	 */
	boolean spend(int bytes) {
		return this.left.addAndGet(-bytes) >= 0;
	}

	/**
	 * How many of these bytes still belong to the beginning.
	 */
	int head(int bytes) {
		return Math.clamp(this.headLeft.getAndAdd(-bytes), 0, bytes);
	}

	/**
	 * Bytes of one part of a tail.
	 */
	long part() {
		return this.part;
	}

}
