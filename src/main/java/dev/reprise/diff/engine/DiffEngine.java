package dev.reprise.diff.engine;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import dev.reprise.diff.engine.folder.RecordFolder;
import dev.reprise.diff.engine.trace.TraceComparison;

/**
 * Compares two runs: the one place where a verdict is made, for the service, the command
 * line and the tests alike. It has no state.
 */
public final class DiffEngine {

	/**
	 * Most sentences on what was missing or not read.
	 */
	public static final int MAX_MISSING = 1000;

	private static final Duration LONGEST = Duration.ofMinutes(30);

	private final Duration longest;

	/**
	 * One that opens files to tell where they differ for half an hour at most: others
	 * wait for its verdict.
	 */
	public DiffEngine() {
		this(LONGEST);
	}

	/**
	 * One that opens files to tell where they differ for so long.
	 */
	DiffEngine(Duration longest) {
		this.longest = longest;
	}

	/**
	 * Compares two record folders, whatever is in them: what cannot be read is named in
	 * the answer.
	 */
	public Diff compare(RecordFolder left, RecordFolder right, Comparison comparison) {
		List<String> gaps = new ArrayList<>();
		left.gaps().forEach((gap) -> gaps.add("left: " + gap));
		right.gaps().forEach((gap) -> gaps.add("right: " + gap));
		TraceComparison traces = TraceComparison.of(left, right);
		gaps.addAll(traces.gaps());
		Ends ends = new Ends(left.end(), right.end());
		OutputsComparison outputs = new OutputsComparison(left, right, comparison, this.longest);
		Judgement judgement = new Judgement(ends, ends.result(), traces, outputs, comparison.tolerance().asked(), gaps);
		List<Diff.Premise> premises = Premises.of(left, right);
		Diff.Coverage coverage = outputs.coverage(traces);
		Verdict verdict = judgement.verdict();
		String summary = new Summary(judgement, premises, coverage, Seeds.own(left, right)).of(verdict);
		Causes causes = (verdict == Verdict.DIFFERENT) ? Causes.of(premises, left, right, traces) : Causes.NONE;
		return new Diff(verdict, summary, premises, List.of(judgement.end(), TraceResult.of(traces), outputs.result()),
				coverage, TraceResult.divergence(traces), causes.list(), causes.unknown(), missing(judgement));
	}

	private static List<String> missing(Judgement judgement) {
		List<String> missing = new ArrayList<>(judgement.gaps());
		missing.addAll(judgement.outputs().notJudged());
		missing.addAll(judgement.outputs().notRead());
		if (missing.size() <= MAX_MISSING) {
			return missing;
		}
		int leftOut = missing.size() - MAX_MISSING;
		List<String> some = new ArrayList<>(missing.subList(0, MAX_MISSING));
		some.add("and " + leftOut + " more");
		return some;
	}

}
