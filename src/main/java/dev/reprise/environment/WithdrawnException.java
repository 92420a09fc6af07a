package dev.reprise.environment;

/**
 * Whoever waited for an environment wants it no more.
 */
public final class WithdrawnException extends Exception {

	public WithdrawnException(String reason) {
		super(reason);
	}

}
