package dev.reprise.diff.reader.bytes;

import java.io.IOException;

/**
 * A file that a job wrote was not read; the message says why, in words that a person
 * understands and without anything secret. It is no error: two files that cannot be read
 * still have digests.
 */
public class NotReadException extends IOException {

	public NotReadException(String message) {
		super(message);
	}

	/**
	 * The cause, where it is one of these already, or one that says why.
	 */
	public static NotReadException because(Throwable cause, String otherwise) {
		for (Throwable at = cause; at != null; at = at.getCause()) {
			if (at instanceof NotReadException own) {
				return own;
			}
		}
		return new NotReadException(otherwise);
	}

}
