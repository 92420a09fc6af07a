package dev.reprise.run.trace;

import java.util.List;

import io.swagger.v3.oas.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * A page of the rows of a run's traces.
 *
 * @param processes every process of the run that says anything of a trace, or left one
 * @param items the rows, process by process in the order of steps
 * @param next where the next page begins, or null on the last
 */
@Schema(name = "TracePage")
record TraceView(List<OfProcess> processes, List<OfRow> items, @Nullable String next) {

	/**
	 * The trace of one process.
	 *
	 * @param process its record
	 * @param state what it says of its own trace: {@code whole}, {@code incomplete},
	 * {@code no-steps} or {@code off}; null where it says nothing
	 * @param why what it says is missing, in sentences
	 * @param runtime which wrote it
	 * @param rank among those that train together, null where it trains alone
	 * @param worldSize how many train together
	 * @param every how many steps lie between two rows
	 * @param rows how many there are
	 * @param firstStep the step of the first, null where there is none
	 * @param lastStep the step of the last
	 * @param segments how many files it lies in; each has columns of its own
	 * @param columns how many the last segment has
	 * @param problems what of it cannot be read; what there is of rows is shown
	 */
	@Schema(name = "TraceOfProcess")
	record OfProcess(String process, @Nullable String state, List<String> why, @Nullable String runtime,
			@Nullable Integer rank, @Nullable Integer worldSize, @Nullable Long every, long rows,
			@Nullable Long firstStep, @Nullable Long lastStep, int segments, int columns, List<String> problems) {
	}

	/**
	 * What was seen in one step.
	 *
	 * @param process that made it
	 * @param step from 0
	 * @param chain over the results of this row and all before it; where it is equal in
	 * two traces that are as they were written, they are equal up to here
	 * @param chainOfAll the same over all columns
	 * @param columns those that are asked for, in causal order
	 */
	@Schema(name = "TraceRow")
	record OfRow(String process, long step, String chain, String chainOfAll, List<OfColumn> columns) {
	}

	/**
	 * What a column holds in a row.
	 *
	 * @param kind what it is of
	 * @param name in the program's own words
	 * @param algorithm of the fingerprint; null for a number
	 * @param value 32 hexadecimal digits, or a number; {@code absent}, {@code vacuous} or
	 * {@code unread} where there was nothing, nothing in it, or it could not be read;
	 * {@code NaN}, {@code Infinity} or {@code -Infinity}
	 */
	@Schema(name = "TraceColumn")
	record OfColumn(String kind, String name, @Nullable String algorithm, @Schema(oneOf = {
			String.class, Double.class }) Object value){
	}

}
