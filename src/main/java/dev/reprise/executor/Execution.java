package dev.reprise.executor;

import java.time.Duration;
import java.util.Optional;

/**
 * One attempt while it runs.
 */
public interface Execution {

	/**
	 * Asks the job to end, and ends it after a grace period. Returns at once; the first
	 * reason counts. Does nothing once the attempt has ended.
	 * @param reason in words, becomes the ending's message
	 */
	void cancel(String reason);

	/**
	 * Waits until nothing of the attempt is left.
	 */
	Ending await() throws InterruptedException;

	/**
	 * Waits at most this long.
	 * @return empty if the attempt has not ended by then
	 */
	Optional<Ending> await(Duration atMost) throws InterruptedException;

	/**
	 * What to look for on the machine, 0 where nothing was started: for people, not for
	 * ending it.
	 */
	long pid();

}
