package dev.reprise.run.spec;

import java.util.List;

/**
 * Which tensors have a column of their own in a trace. Those that have none are watched
 * all the same: they are summed into one column of their kind.
 */
public sealed interface TraceTensors {

	/**
	 * Each of them.
	 */
	record All() implements TraceTensors {
	}

	/**
	 * None of them: one column a kind.
	 */
	record Sum() implements TraceTensors {
	}

	/**
	 * Those of some names.
	 *
	 * @param patterns 1 to 64 of 1 to 256 characters, against the whole name
	 */
	record Matching(List<String> patterns) implements TraceTensors {

		/**
		 * Most patterns.
		 */
		public static final int MAX = 64;

		/**
		 * Most characters of one.
		 */
		public static final int MAX_LENGTH = 256;

		/**
		 * Copies and checks.
		 */
		public Matching {
			patterns = List.copyOf(patterns);
			if (patterns.isEmpty() || patterns.size() > MAX
					|| patterns.stream().anyMatch((pattern) -> pattern.isEmpty() || pattern.length() > MAX_LENGTH)) {
				throw new IllegalArgumentException(
						"give 1 to " + MAX + " patterns of 1 to " + MAX_LENGTH + " characters");
			}
		}

	}

}
