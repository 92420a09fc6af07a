package dev.reprise.diff.engine.trace;

import java.util.List;

import dev.reprise.diff.reader.bytes.PlainText;
import dev.reprise.record.trace.Column;
import org.jspecify.annotations.Nullable;

/**
 * What was found of one process, as it is shown.
 *
 * @param left the process's name in the left record, null where it has no such process
 * @param right its name in the right record
 * @param rank among those that train together, null where it trains alone
 * @param leftRows rows of the left trace
 * @param rightRows rows of the right trace
 * @param steps of which both have a row
 * @param columns in which something was compared
 * @param vacuousColumns that were there and in which nothing was hashed
 * @param constantColumns of those that were compared, the ones that never changed
 * @param differingSteps in how many steps results differ
 * @param first where results differ first, null where they do not
 * @param healedAt the step from which results are equal again up to the end; null where
 * there is none
 * @param loss each loss on both sides
 */
public record ProcessResult(@Nullable String left, @Nullable String right, @Nullable Integer rank, long leftRows,
		long rightRows, long steps, long columns, long vacuousColumns, long constantColumns, long differingSteps,
		@Nullable First first, @Nullable Long healedAt, List<LossCurve.Thinned> loss) {

	public ProcessResult {
		loss = List.copyOf(loss);
	}

	/**
	 * A step in which results differ.
	 *
	 * @param step counted from 0
	 * @param differingColumns how many results differ in it
	 * @param columns those, in causal order, at most 20
	 * @param reading what it says
	 */
	public record First(long step, long differingColumns, List<Name> columns, String reading) {

		public First {
			columns = List.copyOf(columns);
		}

	}

	/**
	 * A column.
	 *
	 * @param kind what it is of
	 * @param tensor its name
	 */
	public record Name(String kind, String tensor) {

		static Name of(Column column) {
			return new Name(column.kind().word(), PlainText.of(column.name()));
		}

	}

	static ProcessResult of(ProcessComparison process) {
		TracedProcess left = process.left();
		TracedProcess right = process.right();
		Parting parting = process.parting();
		TracedProcess named = (left != null) ? left : right;
		return new ProcessResult((left != null) ? left.name() : null, (right != null) ? right.name() : null,
				(named != null) ? named.rank() : null, (left != null) ? left.rows() : 0,
				(right != null) ? right.rows() : 0, process.compared(), process.columns(), process.vacuous(),
				process.constant(), process.differing(), (parting != null) ? first(parting) : null, process.healedAt(),
				process.curves());
	}

	private static First first(Parting parting) {
		return new First(parting.step(), parting.differing(), parting.columns().stream().map(Name::of).toList(),
				Reading.of(parting));
	}

}
