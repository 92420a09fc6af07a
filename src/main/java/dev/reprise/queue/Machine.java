package dev.reprise.queue;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

import dev.reprise.run.Run;
import dev.reprise.run.spec.Capacity;
import org.jspecify.annotations.Nullable;

import org.springframework.stereotype.Component;

/**
 * The cores and the memory of this machine, and who holds them.
 */
@Component
class Machine {

	private final Capacity capacity;

	private final List<Allocation> held = new ArrayList<>();

	private final BitSet cpus = new BitSet();

	private final BitSet slots = new BitSet();

	private long memory;

	Machine(Capacity capacity) {
		this.capacity = capacity;
	}

	/**
	 * Takes what the next attempt of a run needs, if it is free.
	 */
	synchronized Optional<Allocation> take(Run run) {
		if (lacking(run) != null) {
			return Optional.empty();
		}
		Set<Integer> cores = new TreeSet<>();
		while (cores.size() < run.cpus()) {
			int core = this.cpus.nextClearBit(0);
			this.cpus.set(core);
			cores.add(core);
		}
		int slot = this.slots.nextClearBit(0);
		this.slots.set(slot);
		this.memory += run.memory();
		Allocation allocation = new Allocation(run.id(), run.attempt() + 1, slot, cores, run.memory());
		this.held.add(allocation);
		return Optional.of(allocation);
	}

	/**
	 * Gives back what an attempt held.
	 */
	synchronized void giveBack(Allocation allocation) {
		if (this.held.remove(allocation)) {
			allocation.cpus().forEach(this.cpus::clear);
			this.slots.clear(allocation.slot());
			this.memory -= allocation.memory();
		}
	}

	/**
	 * What keeps a run from starting now, in words, or null where nothing does.
	 */
	synchronized @Nullable String lacking(Run run) {
		int freeCpus = this.capacity.cpus() - this.cpus.cardinality();
		long freeMemory = this.capacity.memory() - this.memory;
		if (run.cpus() > freeCpus) {
			return "needs " + run.cpus() + " cores, and " + freeCpus + " are free";
		}
		if (run.memory() > freeMemory) {
			return "needs " + run.memory() + " bytes of memory, and " + freeMemory + " are free";
		}
		return null;
	}

	synchronized List<Allocation> held() {
		return List.copyOf(this.held);
	}

	Capacity capacity() {
		return this.capacity;
	}

}
