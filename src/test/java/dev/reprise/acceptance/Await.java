package dev.reprise.acceptance;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/**
 * Waits for a condition, with a deadline. It looks again after a tenth of the time that
 * it waited so far, so that looking takes little from what is waited for.
 */
final class Await {

	private static final long LEAST = Duration.ofMillis(2).toNanos();

	private static final long MOST = Duration.ofMillis(100).toNanos();

	private Await() {
	}

	/**
	 * Waits until there is a value.
	 */
	static <T> T value(Duration atMost, Check<T> check) throws InterruptedException {
		return value(atMost, MOST, check);
	}

	/**
	 * Waits until something is so that may soon be so no more: it is looked for all the
	 * time.
	 */
	static void moment(Duration atMost, Check<Boolean> check) throws InterruptedException {
		value(atMost, LEAST, () -> check.look().filter((is) -> is));
	}

	private static <T> T value(Duration atMost, long pause, Check<T> check) throws InterruptedException {
		long start = System.nanoTime();
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
			long waited = System.nanoTime() - start;
			if (waited > atMost.toNanos()) {
				throw new AssertionError("not within " + atMost);
			}
			LockSupport.parkNanos(Math.clamp(waited / 10, LEAST, pause));
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
