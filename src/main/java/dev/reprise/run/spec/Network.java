package dev.reprise.run.spec;

/**
 * What of the network a job sees: nothing but itself, or what the host sees.
 */
public enum Network {

	NONE, HOST

}
