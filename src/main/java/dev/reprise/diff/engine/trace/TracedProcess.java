package dev.reprise.diff.engine.trace;

import org.jspecify.annotations.Nullable;

/**
 * A process that left a trace, or said that it made no step.
 *
 * @param name of its folder in the record
 * @param argv its command line, as JSON
 * @param rank among those that train together, null where it trains alone
 * @param worldSize how many train together, null where it trains alone
 * @param steps how many steps it made, null where that is not known for certain
 * @param last the step of its last row, null where there is none
 * @param rows how many rows there are
 * @param every how many steps lie between two rows
 */
record TracedProcess(String name, String argv, @Nullable Integer rank, @Nullable Integer worldSize,
		@Nullable Long steps, @Nullable Long last, long rows, long every) {

	private static final String MAIN = "main";

	boolean main() {
		return this.name.equals(MAIN);
	}

}
