package dev.reprise.replay.cost;

import org.jspecify.annotations.Nullable;

/**
 * One run of a measurement as the database keeps it.
 *
 * @param position from 0, in the order in which they are made
 * @param run its id
 * @param steps null until it is measured
 * @param stepNanos mean nanoseconds of a step, or null
 * @param runNanos nanoseconds of its process, or null
 * @param ranBeside what ran beside it, null until it is measured
 */
record CostRun(int position, String run, @Nullable Long steps, @Nullable Long stepNanos, @Nullable Long runNanos,
		@Nullable String ranBeside) {

	boolean measured() {
		return this.steps != null;
	}

}
