package dev.reprise.diff.engine;

import java.util.ArrayList;
import java.util.List;

import dev.reprise.diff.engine.trace.ProcessResult;
import dev.reprise.diff.engine.trace.TraceComparison;
import dev.reprise.diff.reader.bytes.PlainText;
import dev.reprise.record.trace.Column;
import org.jspecify.annotations.Nullable;

/**
 * Says what the comparison of traces found, as a diff shows it.
 */
final class TraceResult {

	private TraceResult() {
	}

	static Result.Trace of(TraceComparison traces) {
		List<ProcessResult> processes = traces.processes();
		int kept = Math.min(processes.size(), Result.Trace.MAX_PROCESSES);
		TraceComparison.Located evidence = traces.evidence();
		return new Result.Trace(traces.same(), traces.coverage().word(), processes.subList(0, kept),
				processes.size() - kept, (evidence != null) ? divergence(evidence, null) : null, traces.ranks(),
				notes(traces));
	}

	private static List<String> notes(TraceComparison traces) {
		List<String> notes = new ArrayList<>();
		for (TraceComparison.Length length : traces.lengths()) {
			notes.add(words(length));
		}
		notes.addAll(traces.excepted());
		return notes;
	}

	/**
	 * Where the traces differ first: results, or steps that only one side made.
	 */
	static Diff.@Nullable Divergence divergence(TraceComparison traces) {
		TraceComparison.Located parting = traces.parting();
		TraceComparison.Located evidence = traces.evidence();
		if (parting != null) {
			boolean other = evidence != null && !evidence.equals(parting)
					&& !evidence.parting().column().equals(parting.parting().column());
			return divergence(parting, (other && evidence != null) ? divergence(evidence, null) : null);
		}
		if (traces.lengths().isEmpty()) {
			return null;
		}
		TraceComparison.Length length = traces.lengths().getFirst();
		return new Diff.Divergence(length.step(), "steps", null, length.process(), words(length),
				(evidence != null) ? divergence(evidence, null) : null);
	}

	private static Diff.Divergence divergence(TraceComparison.Located located, Diff.@Nullable Divergence evidence) {
		Column column = located.parting().column();
		return new Diff.Divergence(located.parting().step(), column.kind().word(), PlainText.of(column.name()),
				located.process(), located.reading(), evidence);
	}

	static String words(TraceComparison.Length length) {
		return "process " + length.process() + " made " + length.left() + " steps on the left and " + length.right()
				+ " on the right";
	}

}
