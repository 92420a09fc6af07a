package dev.reprise.queue;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import dev.reprise.environment.LockedEnvironments;
import dev.reprise.executor.gpu.Gpu;
import dev.reprise.executor.gpu.Gpus;
import org.jspecify.annotations.Nullable;

/**
 * A machine that runs attempts, as clients see it.
 *
 * @param id its name
 * @param isolation how it holds jobs
 * @param cpus cores
 * @param memory bytes
 * @param gpus each of them
 * @param gpuProblem what is wrong with GPUs beside what each of them says, or null
 * @param held what attempts hold
 * @param outOfUse what attempts held of which a process cannot be ended
 * @param waiting runs that wait, in their order, the first hundred
 * @param waitingCount how many wait in all
 */
record Worker(String id, String isolation, Share cpus, Share memory, List<GpuView> gpus, @Nullable String gpuProblem,
		List<Held> held, List<Held> outOfUse, List<WorkerPool.Waiting> waiting, long waitingCount) {

	private static final String UNENDABLE = "a process of this attempt cannot be ended: what it holds is out of use"
			+ " until the service is started anew and finds it gone";

	static Worker of(String isolation, Machine machine, Gpus gpus, WorkerPool pool, LockedEnvironments environments) {
		List<Allocation> held = machine.held();
		List<Allocation> lost = machine.lost();
		List<Allocation> both = new ArrayList<>(held);
		both.addAll(lost);
		Map<String, String> holders = new HashMap<>();
		both.forEach((one) -> one.uuids().forEach((uuid) -> holders.put(uuid, one.run())));
		List<Gpu> all = gpus.all();
		return new Worker("local", isolation,
				new Share(machine.capacity().cpus(),
						machine.cpus() - held.stream().mapToLong((one) -> one.cpus().size()).sum()),
				new Share(machine.capacity().memory(),
						machine.memory() - held.stream().mapToLong(Allocation::memory).sum()),
				all.stream().map((gpu) -> GpuView.of(gpu, holders.get(gpu.uuid()))).toList(), gpus.problem(),
				held.stream().map((one) -> Held.of(one, all, environments)).toList(),
				lost.stream().map((one) -> Held.of(one, all, environments).with(UNENDABLE)).toList(), pool.waiting(),
				pool.waitingCount());
	}

	/**
	 * How much there is of something.
	 *
	 * @param total in all
	 * @param free of it
	 */
	record Share(long total, long free) {
	}

	/**
	 * A GPU.
	 *
	 * @param uuid what it is named by
	 * @param model its kind
	 * @param driver version of the driver
	 * @param memory mebibytes of the whole GPU, or null
	 * @param fault why it is out of use, or null
	 * @param heldBy the run that holds it, or null
	 */
	record GpuView(String uuid, String model, String driver, @Nullable Long memory, @Nullable String fault,
			@Nullable String heldBy) {

		static GpuView of(Gpu gpu, @Nullable String heldBy) {
			return new GpuView(gpu.uuid(), gpu.model().name(), gpu.driver(), gpu.memory(), gpu.fault(), heldBy);
		}

	}

	/**
	 * What an attempt holds.
	 *
	 * @param run the run
	 * @param attempt its number
	 * @param project whom it is counted for
	 * @param slot which of the attempts that live
	 * @param cpus numbers of the cores
	 * @param memory bytes
	 * @param gpus UUIDs
	 * @param since when it was given
	 * @param latestEnd when its time is over
	 * @param waitsFor what it waits for while it starts, or null
	 * @param problem what is wrong with what it holds, or null
	 */
	record Held(String run, int attempt, String project, int slot, Collection<Integer> cpus, long memory,
			List<String> gpus, Instant since, Instant latestEnd, @Nullable String waitsFor, @Nullable String problem) {

		Held with(String more) {
			return new Held(this.run, this.attempt, this.project, this.slot, this.cpus, this.memory, this.gpus,
					this.since, this.latestEnd, this.waitsFor,
					(this.problem == null) ? more : more + "; " + this.problem);
		}

		static Held of(Allocation one, List<Gpu> now, LockedEnvironments environments) {
			List<String> faults = now.stream()
				.filter((gpu) -> gpu.fault() != null && one.uuids().contains(gpu.uuid()))
				.map((gpu) -> gpu.uuid() + ": " + gpu.fault())
				.toList();
			return new Held(one.run(), one.attempt(), one.project(), one.slot(), one.cpus(), one.memory(), one.uuids(),
					one.since(), one.latestEnd(), environments.progress(one.run()).orElse(null),
					faults.isEmpty() ? null : String.join("; ", faults));
		}

	}

}
