package dev.reprise.diff.engine;

import java.util.List;

/**
 * Everything that a verdict is decided from, and the decision.
 *
 * @param ends how the runs ended
 * @param end the same, compared
 * @param outputs the outputs, compared
 * @param gaps what a record lacks, in sentences; with one of them nothing is proven equal
 */
record Judgement(Ends ends, Result.End end, OutputsComparison outputs, List<String> gaps) {

	Judgement {
		gaps = List.copyOf(gaps);
	}

	/**
	 * The verdict. The order is the rule: a difference that is proven comes before
	 * anything that is not known, and whatever is not known before any kind of equality.
	 * Why so: {@code docs/adr/0004-verdict.md}.
	 */
	Verdict verdict() {
		if (!this.ends.known() || this.ends.cutShort()) {
			return Verdict.INCONCLUSIVE;
		}
		if (!Boolean.TRUE.equals(this.end.same())) {
			return Verdict.DIFFERENT;
		}
		if (this.outputs.disjoint()) {
			return Verdict.NOT_COMPARABLE;
		}
		if (this.outputs.beyondTolerance() > 0) {
			return Verdict.DIFFERENT;
		}
		if (!this.gaps.isEmpty() || !this.outputs.notJudged().isEmpty() || nothingCompared()) {
			return Verdict.INCONCLUSIVE;
		}
		if (this.outputs.different() > 0) {
			return Verdict.WITHIN_TOLERANCE;
		}
		if (this.outputs.excepted() > 0 || this.outputs.ignored() > 0) {
			return Verdict.IDENTICAL_EXCEPT;
		}
		return Verdict.IDENTICAL;
	}

	/**
	 * Files without a byte in them are no evidence: what never wrote is equal to
	 * anything.
	 */
	boolean nothingCompared() {
		return this.outputs.bytes() == 0;
	}

}
