package dev.reprise.artifact;

import java.io.IOException;

import org.jspecify.annotations.Nullable;

/**
 * An archive that is not unpacked; the message names the entry and the mend.
 */
public final class BadArchiveException extends IOException {

	BadArchiveException(String message) {
		this(message, null);
	}

	BadArchiveException(String message, @Nullable Throwable cause) {
		super(message, cause);
	}

	static BadArchiveException entry(String name, String wrong) {
		return new BadArchiveException("the entry '" + FileNames.readable(name) + "' of the archive: " + wrong);
	}

	static BadArchiveException damaged(Throwable cause) {
		return new BadArchiveException("the archive is damaged or cut short; pack and send it again", cause);
	}

}
