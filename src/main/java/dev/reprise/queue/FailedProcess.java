package dev.reprise.queue;

import java.util.Comparator;
import java.util.Optional;
import java.util.Set;

import dev.reprise.record.ProcessRecord;
import dev.reprise.record.ProcessRecord.Result;
import dev.reprise.record.RunRecord;
import org.jspecify.annotations.Nullable;

/**
 * Which process of a run that failed says why. A launcher such as torchrun, or a shell,
 * says only that one of its processes failed.
 */
final class FailedProcess {

	/**
	 * What launchers raise when a process of theirs has failed: torchrun,
	 * torch.multiprocessing, accelerate and whatever else starts a program.
	 */
	private static final Set<String> OF_A_CHILD = Set.of("ChildFailedError", "ProcessRaisedException",
			"ProcessExitedException", "CalledProcessError");

	private FailedProcess() {
	}

	/**
	 * The main process, if it failed by itself; else the first to fail of those that did;
	 * null if there is no record of any.
	 */
	static @Nullable ProcessRecord of(RunRecord record) {
		ProcessRecord main = record.main().orElse(null);
		Result end = (main != null) ? main.result() : null;
		if (end == null || (raised(end) && (end.operation() != null || !OF_A_CHILD.contains(type(end))))) {
			return main;
		}
		Optional<ProcessRecord> first = record.processes()
			.stream()
			.filter((process) -> !process.name().equals(ProcessRecord.MAIN) && raised(process.result()))
			.min(Comparator.comparingDouble(FailedProcess::ended));
		return first.orElse(main);
	}

	private static boolean raised(@Nullable Result result) {
		return result != null && (result.outcome().equals("raised") || result.outcome().equals("drift"));
	}

	private static String type(Result result) {
		return (result.exceptionType() != null) ? result.exceptionType() : "";
	}

	private static double ended(ProcessRecord process) {
		Result result = process.result();
		return (result == null || result.ended() == null) ? Double.MAX_VALUE : result.ended();
	}

}
