package dev.reprise.executor.local;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * Waits for what the kernel does in its own time and tells nobody.
 */
final class Waiting {

	private static final long STEP_MILLIS = 2;

	private Waiting() {
	}

	/**
	 * Tries until it holds or the time is over, once at least.
	 * @return whether it came to hold
	 */
	static boolean until(Duration atMost, BooleanSupplier condition) throws InterruptedException {
		long end = System.nanoTime() + atMost.toNanos();
		while (!condition.getAsBoolean()) {
			if (System.nanoTime() - end >= 0) {
				return false;
			}
			TimeUnit.MILLISECONDS.sleep(STEP_MILLIS);
		}
		return true;
	}

}
