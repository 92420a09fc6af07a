package dev.reprise.artifact.tar;

import java.io.IOException;

/**
 * An archive is not one that Reprise wrote, or was changed after that.
 */
public final class BadTarException extends IOException {

	BadTarException(String message) {
		super(message);
	}

}
