package dev.reprise.acceptance;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/**
 * Waits for a condition, with a deadline.
 */
final class Await {

	private Await() {
	}

	/**
	 * Waits until there is a value.
	 */
	static <T> T value(Duration atMost, Check<T> check) throws InterruptedException {
		long deadline = System.nanoTime() + atMost.toNanos();
		while (true) {
			try {
				Optional<T> value = check.look();
				if (value.isPresent()) {
					return value.get();
				}
			}
			catch (RuntimeException | InterruptedException ex) {
				throw ex;
			}
			catch (Exception ex) {
				throw new IllegalStateException(ex);
			}
			if (System.nanoTime() > deadline) {
				throw new AssertionError("not within " + atMost);
			}
			LockSupport.parkNanos(2_000_000);
		}
	}

	/**
	 * Waits until something is so.
	 */
	static void until(Duration atMost, Check<Boolean> check) throws InterruptedException {
		value(atMost, () -> check.look().filter((is) -> is));
	}

	/**
	 * Looks once.
	 *
	 * @param <T> what is looked for
	 */
	@FunctionalInterface
	interface Check<T> {

		Optional<T> look() throws Exception;

	}

}
