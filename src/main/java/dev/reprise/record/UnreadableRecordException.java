package dev.reprise.record;

/**
 * A part of a record could not be read; the message names the file and why.
 */
public class UnreadableRecordException extends Exception {

	public UnreadableRecordException(String message) {
		super(message);
	}

}
