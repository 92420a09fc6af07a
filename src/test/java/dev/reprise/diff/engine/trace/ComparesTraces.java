package dev.reprise.diff.engine.trace;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryType;
import java.nio.file.Path;

/**
 * A process of little heap that compares the traces of two record folders and tells what
 * it found and what it took.
 */
final class ComparesTraces {

	private ComparesTraces() {
	}

	public static void main(String[] args) throws Exception {
		long start = System.nanoTime();
		TraceComparison found = TracedRuns.compare(Path.of(args[0]), Path.of(args[1]));
		double seconds = (System.nanoTime() - start) / 1e9;
		double processor = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() / 1e9;
		TraceComparison.Located parting = found.parting();
		long heap = ManagementFactory.getMemoryPoolMXBeans()
			.stream()
			.filter((pool) -> pool.getType() == MemoryType.HEAP)
			.mapToLong((pool) -> pool.getPeakUsage().getUsed())
			.sum();
		System.out.printf("%s %s %s %d steps, %.1f s (%.1f s of a processor), at most %d MiB of heap%n",
				(parting != null) ? parting.reading() : "nothing differs;", found.gaps(), found.coverage(),
				found.steps(), seconds, processor, heap >> 20);
	}

}
