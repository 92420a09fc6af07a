package dev.reprise.queue.schedule;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The place that is held for a run which does not fit yet.
 *
 * @param run which
 * @param from when it can start at the latest, if nothing of higher priority comes
 * @param spare what is then free beside it
 */
record Reservation(String run, Instant from, Amounts spare) {

	/**
	 * The earliest place, if every attempt takes all of its time. One that is past its
	 * time is about to end.
	 * @param free what is free now; together with what is held it meets the demand
	 */
	static Reservation of(WaitingRun run, Amounts free, List<Holding> held, Instant now) {
		Instant soon = now.plus(Duration.ofSeconds(1));
		List<Holding> byEnd = new ArrayList<>(held);
		byEnd.sort(Comparator.comparing(Holding::latestEnd).thenComparing(Holding::run));
		Amounts then = free;
		for (int i = 0; i < byEnd.size(); i++) {
			Instant end = later(byEnd.get(i).latestEnd(), soon);
			then = then.plus(byEnd.get(i).amounts());
			boolean moreThen = i + 1 < byEnd.size() && !later(byEnd.get(i + 1).latestEnd(), soon).isAfter(end);
			List<Amounts> ways = moreThen ? List.of() : then.waysToMeet(run.demand());
			if (!ways.isEmpty()) {
				return new Reservation(run.id(), end, then.minus(ways.getFirst()));
			}
		}
		throw new IllegalArgumentException("run " + run.id() + " would not fit if all that is held were free");
	}

	private static Instant later(Instant one, Instant other) {
		return one.isAfter(other) ? one : other;
	}

	/**
	 * Whether a run can have what it takes without moving this.
	 */
	boolean allows(WaitingRun other, Amounts takes, Instant now) {
		return endsBefore(other, now) || this.spare.holds(takes);
	}

	/**
	 * What remains when that run has started.
	 */
	Reservation after(WaitingRun other, Amounts takes, Instant now) {
		return endsBefore(other, now) ? this : new Reservation(this.run, this.from, this.spare.minus(takes));
	}

	private boolean endsBefore(WaitingRun other, Instant now) {
		return !other.latestEnd(now).isAfter(this.from);
	}

}
