package dev.reprise.diff.engine;

import java.util.List;

import dev.reprise.diff.engine.trace.TraceComparison;

/**
 * Everything that a verdict is decided from, and the decision.
 *
 * @param ends how the runs ended
 * @param end the same, compared
 * @param traces the traces, compared
 * @param outputs the outputs, compared
 * @param tolerant whether a tolerance was asked for
 * @param gaps what a record lacks, in sentences; with one of them nothing is proven equal
 */
record Judgement(Ends ends, Result.End end, TraceComparison traces, OutputsComparison outputs, boolean tolerant,
		List<String> gaps) {

	Judgement {
		gaps = List.copyOf(gaps);
	}

	/**
	 * The verdict. The order is the rule: a difference that is proven comes before
	 * anything that is not known, and whatever is not known before any kind of equality.
	 * Why so: {@code docs/adr/0004-verdict.md}.
	 */
	Verdict verdict() {
		if (!this.ends.known() || (this.ends.cutShort() && !rowsDiffer())) {
			return Verdict.INCONCLUSIVE;
		}
		if (!Boolean.TRUE.equals(this.end.same()) || rowsDiffer() || lengthsDiffer()) {
			return Verdict.DIFFERENT;
		}
		if (this.outputs.disjoint() && this.traces.steps() == 0) {
			return Verdict.NOT_COMPARABLE;
		}
		if (this.outputs.beyondTolerance() > 0) {
			return Verdict.DIFFERENT;
		}
		if (!this.gaps.isEmpty() || !this.outputs.notJudged().isEmpty() || nothingCompared()) {
			return Verdict.INCONCLUSIVE;
		}
		if (this.outputs.different() > 0 || this.traces.rowsDiffer()) {
			return Verdict.WITHIN_TOLERANCE;
		}
		if (this.outputs.excepted() > 0 || this.outputs.ignored() > 0 || !this.traces.excepted().isEmpty()) {
			return Verdict.IDENTICAL_EXCEPT;
		}
		return Verdict.IDENTICAL;
	}

	/**
	 * Whether traces differ in a step that both made, which no tolerance covers. A row is
	 * written whole at the end of its step, so it proves something even where the run was
	 * cut short later. A fingerprint says nothing of how far apart two numbers are: who
	 * asks for a tolerance is answered by the outputs, as long as there is one.
	 */
	boolean rowsDiffer() {
		return this.traces.rowsDiffer() && !(this.tolerant && this.outputs.bytes() > 0);
	}

	/**
	 * Whether one side made steps that the other did not, all of them being known.
	 */
	boolean lengthsDiffer() {
		return !this.traces.lengths().isEmpty() && !this.ends.cutShort();
	}

	/**
	 * Files without a byte in them are no evidence: what never wrote is equal to
	 * anything. Nor are traces in which nothing ever changed.
	 */
	boolean nothingCompared() {
		return this.outputs.bytes() == 0 && !this.traces.telling();
	}

	/**
	 * Whether the verdict rests on what the processes wrote about themselves, and on no
	 * output.
	 */
	boolean byTracesAlone() {
		return this.outputs.bytes() == 0 && this.traces.steps() > 0;
	}

}
