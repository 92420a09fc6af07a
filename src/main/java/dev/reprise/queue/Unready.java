package dev.reprise.queue;

import dev.reprise.run.Failure;
import dev.reprise.run.FailureKind;

/**
 * What a run needs is not there, or not as it was.
 */
final class Unready extends Exception {

	private final FailureKind kind;

	Unready(FailureKind kind, String message) {
		super(message);
		this.kind = kind;
	}

	Failure failure() {
		return Failure.of(this.kind, String.valueOf(getMessage()));
	}

}
