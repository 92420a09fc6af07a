package dev.reprise.queue.schedule;

import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

/**
 * Decides what starts. The order is: priority; the run whose place is held; the project
 * that holds the least of the machine, by its dominant share; the one that used the least
 * of late; age. The first that does not fit is held a place at the earliest time at which
 * it will, and those behind it start only where that does not move it: because they end
 * before, or because what they take is not needed then.
 */
public final class Schedule {

	private final Situation situation;

	private final Map<String, Double> shares = new HashMap<>();

	private final List<Holding> held;

	private final List<Decision.Start> starts = new ArrayList<>();

	private final Map<String, String> waits = new LinkedHashMap<>();

	private Amounts free;

	private @Nullable Reservation reservation;

	private Schedule(Situation situation) {
		this.situation = situation;
		this.held = new ArrayList<>(situation.held());
		this.free = situation.usable();
		situation.held().forEach((holding) -> {
			this.free = this.free.minus(holding.amounts());
			count(holding.project(), holding.amounts());
		});
	}

	/**
	 * Decides. Equal situations have equal decisions.
	 */
	public static Decision decide(Situation situation) {
		return new Schedule(situation).decide();
	}

	private Decision decide() {
		List<WaitingRun> left = new ArrayList<>(this.situation.waiting());
		left.sort(order());
		while (!left.isEmpty()) {
			WaitingRun next = left.removeFirst();
			Optional<Amounts> takes = judge(next);
			if (takes.isPresent()) {
				start(next, takes.get());
				left.sort(order());
			}
		}
		return new Decision(this.starts, this.waits, (this.reservation != null) ? this.reservation.run() : null);
	}

	private Comparator<WaitingRun> order() {
		return Comparator.comparingInt(WaitingRun::priority)
			.reversed()
			.thenComparing((run) -> !run.id().equals(this.situation.promised()))
			.thenComparing((run) -> this.shares.getOrDefault(run.project(), 0.0))
			.thenComparing((run) -> this.situation.used().getOrDefault(run.project(), 0.0))
			.thenComparing(WaitingRun::id);
	}

	private Optional<Amounts> judge(WaitingRun run) {
		Demand demand = run.demand();
		if (this.situation.usable().waysToMeet(demand).isEmpty()) {
			// It holds nobody back: nothing that ends makes room for it.
			this.waits.put(run.id(), lacking(demand, this.situation.usable(), "in use on this machine"));
			return Optional.empty();
		}
		List<Amounts> ways = this.free.waysToMeet(demand);
		Reservation place = this.reservation;
		if (place == null) {
			if (ways.isEmpty()) {
				place = Reservation.of(run, this.free, this.held, this.situation.now());
				this.reservation = place;
				this.waits.put(run.id(), lacking(demand, this.free, "free") + "; its place is held for "
						+ place.from().truncatedTo(ChronoUnit.SECONDS) + " at the latest");
			}
			return ways.stream().findFirst();
		}
		for (Amounts way : ways) {
			if (place.allows(run, way, this.situation.now())) {
				this.reservation = place.after(run, way, this.situation.now());
				return Optional.of(way);
			}
		}
		this.waits.put(run.id(),
				ways.isEmpty() ? lacking(demand, this.free, "free")
						: "would fit, but with its timeout it may hold beyond "
								+ place.from().truncatedTo(ChronoUnit.SECONDS) + " what is held for " + place.run());
		return Optional.empty();
	}

	private void start(WaitingRun run, Amounts takes) {
		this.starts.add(new Decision.Start(run, takes));
		this.free = this.free.minus(takes);
		this.held.add(new Holding(run.id(), run.project(), takes, run.latestEnd(this.situation.now())));
		count(run.project(), takes);
	}

	private void count(String project, Amounts amounts) {
		this.shares.merge(project, amounts.shareOf(this.situation.usable()), Double::sum);
	}

	/**
	 * What there is too little of, in words.
	 */
	private static String lacking(Demand demand, Amounts there, String how) {
		List<String> lacking = new ArrayList<>();
		int gpus = there.gpusFor(demand);
		if (demand.gpus() > gpus) {
			String model = (demand.gpuModel() != null) ? " of model " + demand.gpuModel()
					: (demand.gpus() > 1) ? " of one model" : "";
			lacking
				.add(demand.gpus() + ((demand.gpus() == 1) ? " GPU" : " GPUs") + model + " (" + gpus + ' ' + how + ')');
		}
		if (demand.cpus() > there.cpus()) {
			lacking
				.add(demand.cpus() + ((demand.cpus() == 1) ? " core (" : " cores (") + there.cpus() + ' ' + how + ')');
		}
		if (demand.memory() > there.memory()) {
			lacking.add(demand.memory() + " bytes of memory (" + there.memory() + ' ' + how + ')');
		}
		return "needs " + String.join(", ", lacking);
	}

}
