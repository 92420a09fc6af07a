package dev.reprise.executor;

import java.time.Duration;

/**
 * What an attempt may use before it is ended. Whether each is hard depends on the
 * machine; the executor says.
 *
 * @param timeout from start to end, by a clock that does not jump
 * @param memory bytes, with what lies in the sandbox's own {@code /tmp}, {@code /dev/shm}
 * and home
 * @param disk bytes of what lies in {@code work}, {@code outputs} and {@code record}
 * @param logs bytes of standard output and standard error together; less of them may be
 * kept, see {@link #keptLogs()}
 * @param processes processes and threads at one time
 */
public record Limits(Duration timeout, long memory, long disk, long logs, int processes) {

	/**
	 * Checks that each is positive.
	 * @throws IllegalArgumentException if one is not
	 */
	public Limits {
		if (timeout.isNegative() || timeout.isZero()) {
			throw new IllegalArgumentException("the timeout must be positive, not " + timeout);
		}
		check("memory", memory);
		check("disk", disk);
		check("logs", logs);
		check("processes", processes);
	}

	/**
	 * How many files and folders the disk may hold: one for each 16 KiB, and 16,384 at
	 * least.
	 */
	public long files() {
		return files(this.disk);
	}

	/**
	 * How many files and folders a disk of so many bytes may hold.
	 */
	public static long files(long disk) {
		return Math.max(16_384, disk / 16_384);
	}

	/**
	 * Bytes of the logs that are kept: half from the beginning, half from the end.
	 */
	public long keptLogs() {
		return Math.min(this.logs, 64L << 20);
	}

	private static void check(String name, long value) {
		if (value <= 0) {
			throw new IllegalArgumentException("the limit of " + name + " must be positive, not " + value);
		}
	}

}
