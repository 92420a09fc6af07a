package dev.reprise.executor;

/**
 * Who ended an attempt.
 */
public enum Cause {

	/**
	 * The job, with an exit code, 0 included.
	 */
	EXIT,

	/**
	 * A signal that the service did not send.
	 */
	SIGNAL,

	/**
	 * Someone who called {@link Execution#cancel}.
	 */
	CANCELLED,

	/**
	 * Its time ran out.
	 */
	TIMEOUT,

	/**
	 * The kernel killed one of its processes for memory, or it was seen above its limit.
	 */
	OUT_OF_MEMORY,

	/**
	 * Its workspace outgrew the limit, or the volume was full when it failed.
	 */
	OUT_OF_DISK,

	/**
	 * It wrote more log than it may.
	 */
	LOG_LIMIT,

	/**
	 * It failed after the kernel had refused it a process.
	 */
	PROCESS_LIMIT,

	/**
	 * The service or its supervisor died, so nobody knows.
	 */
	LOST,

	/**
	 * It was never started: the sandbox could not be set up.
	 */
	START

}
