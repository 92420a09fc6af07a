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

}
