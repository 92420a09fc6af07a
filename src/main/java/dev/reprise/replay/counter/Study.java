package dev.reprise.replay.counter;

import java.time.Instant;
import java.util.List;

import io.swagger.v3.oas.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * All counter-runs of a diff, as clients see them.
 *
 * @param diff the diff that they belong to
 * @param state {@code PENDING} or {@code DONE}
 * @param outcome what they have shown, null while pending
 * @param statement the same in words
 * @param maxRuns how many runs may be made
 * @param changes what is tried, in that order
 * @param leftOut how many differences are not tried, since there may be no more runs
 * @param runs those that were made
 * @param createdAt when they were asked for
 */
@Schema(name = "CounterRuns")
record Study(String diff, String state, @Schema(implementation = String.class) @Nullable StudyOutcome outcome,
		@Nullable String statement, int maxRuns, List<Change> changes, int leftOut, List<CounterRun> runs,
		Instant createdAt) {

	Study {
		changes = List.copyOf(changes);
		runs = List.copyOf(runs);
	}

	boolean pending() {
		return this.state.equals("PENDING");
	}

	List<CounterRun> runs(Side base, boolean changed) {
		return this.runs.stream().filter((run) -> run.is(base, changed)).toList();
	}

	int runsLeft() {
		return this.maxRuns - this.runs.size();
	}

}
