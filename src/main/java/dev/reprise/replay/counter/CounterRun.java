package dev.reprise.replay.counter;

import io.swagger.v3.oas.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * One run of a study.
 *
 * @param position from 0, in the order in which they are made
 * @param run its id
 * @param base the side that it repeats
 * @param change what was taken from the other side, null where nothing was
 * @param outcome how it compares: with its own side where nothing was changed, else with
 * right; null until it has ended
 * @param reason why that is not known, or null
 * @param diff the diff that says so, or null
 */
@Schema(name = "CounterRun")
record CounterRun(int position, String run, @Schema(implementation = String.class) Side base, @Nullable Change change,
		@Schema(implementation = String.class) @Nullable RunOutcome outcome, @Nullable String reason,
		@Nullable String diff) {

	boolean judged() {
		return this.outcome != null;
	}

	boolean is(Side side, boolean changed) {
		return this.base == side && (this.change != null) == changed;
	}

}
