package dev.reprise.environment.lock;

import java.util.List;

/**
 * A lock file that is not taken.
 */
public final class BadLockException extends Exception {

	private final transient List<Problem> problems;

	BadLockException(String problem, String mend) {
		this(List.of(new Problem("", problem, mend)));
	}

	BadLockException(List<Problem> problems) {
		super(problems.getFirst().toString());
		this.problems = List.copyOf(problems);
	}

	/**
	 * Everything that is wrong, the first twenty at most.
	 */
	public List<Problem> problems() {
		return this.problems;
	}

	/**
	 * One thing that is wrong.
	 *
	 * @param place such as {@code line 3} or {@code package numpy}; empty for the whole
	 * @param problem what it is, to follow the place
	 * @param mend what to do
	 */
	public record Problem(String place, String problem, String mend) {

		@Override
		public String toString() {
			return (this.place.isEmpty() ? "the lock" : this.place) + " " + this.problem + "; " + this.mend;
		}

	}

}
