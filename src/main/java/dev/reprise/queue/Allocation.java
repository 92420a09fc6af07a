package dev.reprise.queue;

import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

import dev.reprise.executor.gpu.Gpu;

/**
 * What one attempt holds while it lives.
 *
 * @param run the run
 * @param attempt the number of the attempt
 * @param project whom it is counted for
 * @param slot a small number that no other living attempt has
 * @param cpus numbers of the cores
 * @param memory bytes
 * @param gpus all of one model
 * @param since when it was given
 * @param latestEnd when the attempt's time is over
 */
record Allocation(String run, int attempt, String project, int slot, SortedSet<Integer> cpus, long memory,
		List<Gpu> gpus, Instant since, Instant latestEnd) {

	Allocation {
		cpus = Collections.unmodifiableSortedSet(new TreeSet<>(cpus));
		gpus = List.copyOf(gpus);
	}

	/**
	 * UUIDs of the GPUs.
	 */
	List<String> uuids() {
		return this.gpus.stream().map(Gpu::uuid).toList();
	}

}
