package dev.reprise.artifact;

import java.io.IOException;

/**
 * A folder has more in it than is taken.
 */
public final class TooMuchException extends IOException {

	TooMuchException(String message) {
		super(message);
	}

}
