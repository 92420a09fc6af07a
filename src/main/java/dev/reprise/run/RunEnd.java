package dev.reprise.run;

import org.jspecify.annotations.Nullable;

/**
 * How a run came to its end.
 *
 * @param state a final state
 * @param failure why, where it failed
 * @param outputs what was collected, or null where nothing could be
 * @param ending a sentence for the attempt, or null where it has one
 */
public record RunEnd(RunState state, @Nullable Failure failure, @Nullable OutputSummary outputs,
		@Nullable String ending) {

	/**
	 * Checks the state.
	 * @throws IllegalArgumentException if it is not final, or says failed without a
	 * failure
	 */
	public RunEnd {
		if (!state.isFinal() || (state == RunState.FAILED) != (failure != null)) {
			throw new IllegalArgumentException("no end: " + state + " with " + failure);
		}
	}

}
