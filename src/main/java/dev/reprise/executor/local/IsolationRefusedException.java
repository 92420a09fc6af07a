package dev.reprise.executor.local;

/**
 * This machine cannot hold a job; the message says what is missing and the mend.
 */
public class IsolationRefusedException extends RuntimeException {

	IsolationRefusedException(String message) {
		super(message);
	}

}
