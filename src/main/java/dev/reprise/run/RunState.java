package dev.reprise.run;

/**
 * Where a run stands.
 */
public enum RunState {

	QUEUED, STARTING, RUNNING, COLLECTING, SUCCEEDED, FAILED, CANCELLED;

	/**
	 * Whether nothing will change any more.
	 */
	public boolean isFinal() {
		return this == SUCCEEDED || this == FAILED || this == CANCELLED;
	}

}
