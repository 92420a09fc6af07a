package dev.reprise.executor;

/**
 * What a job can reach.
 */
public enum Network {

	/**
	 * A loopback interface of its own.
	 */
	NONE,

	/**
	 * Whatever the machine reaches.
	 */
	HOST

}
