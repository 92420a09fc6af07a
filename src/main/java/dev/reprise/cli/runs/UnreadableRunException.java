package dev.reprise.cli.runs;

/**
 * A run that was named cannot be read; the message says why, and the mend.
 */
public final class UnreadableRunException extends Exception {

	UnreadableRunException(String message) {
		super(message);
	}

}
