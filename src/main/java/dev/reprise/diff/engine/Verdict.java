package dev.reprise.diff.engine;

/**
 * What a comparison of two runs says of their results; see {@code docs/verdicts.md}.
 */
public enum Verdict {

	/**
	 * Both ended alike, everything was compared and is equal, both records are complete.
	 */
	IDENTICAL(0),

	/**
	 * A difference was found.
	 */
	DIFFERENT(1),

	/**
	 * The runs left outputs of which no path is in common.
	 */
	NOT_COMPARABLE(3),

	/**
	 * Nothing proves a difference, and not enough was there to prove that there is none.
	 */
	INCONCLUSIVE(4),

	/**
	 * Identical but for what is listed.
	 */
	IDENTICAL_EXCEPT(5),

	/**
	 * Different, within the tolerance that was asked for.
	 */
	WITHIN_TOLERANCE(6);

	private final int exitCode;

	Verdict(int exitCode) {
		this.exitCode = exitCode;
	}

	/**
	 * Exit code of {@code ./reprise diff}.
	 */
	public int exitCode() {
		return this.exitCode;
	}

}
