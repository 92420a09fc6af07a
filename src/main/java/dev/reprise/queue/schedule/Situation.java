package dev.reprise.queue.schedule;

import java.time.Instant;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * All that a decision rests on.
 *
 * @param usable what the machine has, without what is out of use
 * @param held by living attempts, within {@code usable}
 * @param waiting runs, in any order
 * @param used what each project used of late, in any unit
 * @param promised the run that the last decision held its place for, or null
 * @param now the time
 */
public record Situation(Amounts usable, List<Holding> held, List<WaitingRun> waiting, Map<String, Double> used,
		@Nullable String promised, Instant now) {

	/**
	 * Copies.
	 */
	public Situation {
		held = List.copyOf(held);
		waiting = List.copyOf(waiting);
		used = Map.copyOf(used);
	}

}
