package dev.reprise.environment;

/**
 * An environment could not be built; the message has uv's own last words.
 */
public final class BuildFailedException extends Exception {

	public BuildFailedException(String message) {
		super(message);
	}

}
