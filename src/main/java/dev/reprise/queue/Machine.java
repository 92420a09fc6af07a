package dev.reprise.queue;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;

import dev.reprise.executor.gpu.Gpu;
import dev.reprise.executor.gpu.Gpus;
import dev.reprise.queue.schedule.Amounts;
import dev.reprise.queue.schedule.Decision;
import dev.reprise.queue.schedule.Holding;
import dev.reprise.queue.schedule.Schedule;
import dev.reprise.queue.schedule.Situation;
import dev.reprise.queue.schedule.Usage;
import dev.reprise.queue.schedule.WaitingRun;
import dev.reprise.run.spec.Capacity;
import dev.reprise.run.spec.GpuModel;
import org.jspecify.annotations.Nullable;

import org.springframework.stereotype.Component;

/**
 * The GPUs, cores and memory of this machine, who holds them, and what is out of use.
 */
@Component
class Machine {

	private final Capacity capacity;

	private final Gpus gpus;

	private final Cores cores;

	private final Clock clock;

	private final List<Allocation> held = new ArrayList<>();

	/**
	 * What attempts held of which a process cannot be ended.
	 */
	private final List<Allocation> lost = new ArrayList<>();

	private final BitSet slots = new BitSet();

	private final Usage usage = new Usage();

	private @Nullable String promised;

	Machine(Capacity capacity, Gpus gpus, Clock clock) {
		this.capacity = capacity;
		this.gpus = gpus;
		this.cores = Cores.first(capacity.cpus());
		this.clock = clock;
	}

	/**
	 * Decides what of these starts, without starting it.
	 * @param keep whether the next decision is bound by the place that this one holds
	 */
	synchronized Decision decide(List<WaitingRun> waiting, boolean keep) {
		Instant now = this.clock.instant();
		List<Gpu> usable = usable();
		List<Holding> holdings = this.held.stream()
			.map((one) -> new Holding(one.run(), one.project(),
					amounts(one.cpus().size(), one.memory(),
							usable.stream().filter((gpu) -> one.uuids().contains(gpu.uuid())).toList()),
					one.latestEnd()))
			.toList();
		Amounts all = amounts(cpus(), memory(), usable);
		Decision decision = Schedule
			.decide(new Situation(all, holdings, waiting, this.usage.at(now), this.promised, now));
		if (keep) {
			this.promised = decision.promised();
		}
		return decision;
	}

	/**
	 * Cores in use or free; of those that are lost some may not be among the machine's
	 * any more, and one may be lost twice.
	 */
	synchronized int cpus() {
		Set<Integer> cpus = new HashSet<>(this.cores.numbers());
		this.lost.forEach((one) -> cpus.removeAll(one.cpus()));
		return cpus.size();
	}

	/**
	 * Bytes of memory in use or free.
	 */
	synchronized long memory() {
		return Math.max(0, this.capacity.memory() - this.lost.stream().mapToLong(Allocation::memory).sum());
	}

	/**
	 * Whether nothing can start and the next place is promised: to decide again would
	 * lead to nothing until something ends.
	 */
	synchronized boolean isFull() {
		return this.promised != null && this.held.stream().mapToInt((one) -> one.cpus().size()).sum() >= cpus();
	}

	/**
	 * The run that a place is held for, or null.
	 */
	synchronized @Nullable String promised() {
		return this.promised;
	}

	/**
	 * GPUs that answer and are not lost with an attempt.
	 */
	private List<Gpu> usable() {
		Set<String> gone = uuids(this.lost);
		return this.gpus.all().stream().filter((gpu) -> gpu.fault() == null && !gone.contains(gpu.uuid())).toList();
	}

	private static Amounts amounts(int cpus, long memory, List<Gpu> gpus) {
		SortedMap<GpuModel, Integer> models = new TreeMap<>();
		gpus.forEach((gpu) -> models.merge(gpu.model(), 1, Integer::sum));
		return new Amounts(cpus, memory, models);
	}

	private static Set<String> uuids(Collection<Allocation> allocations) {
		Set<String> uuids = new HashSet<>();
		allocations.forEach((one) -> uuids.addAll(one.uuids()));
		return uuids;
	}

	/**
	 * Takes what a decision gives a run.
	 * @throws IllegalStateException if it is no longer free, as where a GPU went since
	 */
	synchronized Allocation take(Decision.Start start) {
		Set<String> taken = uuids(this.held);
		List<Gpu> gpus = new ArrayList<>();
		start.takes()
			.gpus()
			.forEach((model, count) -> usable().stream()
				.filter((gpu) -> gpu.model().equals(model) && !taken.contains(gpu.uuid()))
				.limit(count)
				.forEach(gpus::add));
		if (gpus.size() < start.run().demand().gpus()) {
			throw new IllegalStateException("a GPU went while run " + start.run().id() + " was to start");
		}
		Set<Integer> busy = new HashSet<>();
		this.held.forEach((one) -> busy.addAll(one.cpus()));
		this.lost.forEach((one) -> busy.addAll(one.cpus()));
		SortedSet<Integer> cpus = this.cores.choose(start.takes().cpus(), busy);
		int slot = this.slots.nextClearBit(0);
		this.slots.set(slot);
		Instant now = this.clock.instant();
		WaitingRun run = start.run();
		Allocation allocation = new Allocation(run.id(), run.attempt() + 1, run.project(), slot, cpus,
				start.takes().memory(), gpus, now, run.latestEnd(now));
		this.held.add(allocation);
		return allocation;
	}

	/**
	 * Gives back what an attempt held.
	 */
	synchronized void giveBack(Allocation allocation) {
		if (this.held.remove(allocation)) {
			this.slots.clear(allocation.slot());
			Instant now = this.clock.instant();
			double share = amounts(allocation.cpus().size(), allocation.memory(), allocation.gpus())
				.shareOf(amounts(this.capacity.cpus(), this.capacity.memory(), this.gpus.all()));
			this.usage.add(allocation.project(), share, Duration.between(allocation.since(), now), now);
		}
	}

	/**
	 * Takes out of use what an attempt, of this life of the service or of a former one,
	 * held of which a process cannot be ended.
	 */
	synchronized void lose(Allocation allocation) {
		this.held.remove(allocation);
		this.lost.add(allocation);
		this.slots.set(allocation.slot());
	}

	/**
	 * Takes all out of use: something of a run cannot be ended, and nobody knows what it
	 * holds.
	 */
	synchronized void loseAll(String run) {
		Instant now = this.clock.instant();
		lose(new Allocation(run, 0, "", 0, this.cores.numbers(), this.capacity.memory(), this.gpus.all(), now, now));
	}

	synchronized List<Allocation> held() {
		return List.copyOf(this.held);
	}

	/**
	 * What is out of use until the service is started anew and finds that the process is
	 * gone.
	 */
	synchronized List<Allocation> lost() {
		return List.copyOf(this.lost);
	}

	Capacity capacity() {
		return this.capacity;
	}

	List<Gpu> gpus() {
		return this.gpus.all();
	}

}
