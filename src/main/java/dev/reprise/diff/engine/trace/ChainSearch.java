package dev.reprise.diff.engine.trace;

import java.util.List;

import dev.reprise.record.trace.Column;
import dev.reprise.record.trace.Segment;
import dev.reprise.record.trace.Trace;
import org.jspecify.annotations.Nullable;

/**
 * Finds the first row in which two traces differ by their chains, with about twenty looks
 * at a million rows. It believes the chains; whether they are honest only a pass over all
 * rows can say.
 */
public final class ChainSearch {

	private ChainSearch() {
	}

	/**
	 * Where two chains part.
	 *
	 * @param row the place of the first row in which they differ, null where they do not
	 * as far as they can be compared
	 * @param comparable how many rows that is: those of segments that have the same
	 * columns and begin at the same places
	 */
	public record Found(@Nullable Long row, long comparable) {
	}

	/**
	 * Looks for the first row that differs.
	 * @param results whether by the chain over results or by that over all columns
	 */
	public static Found first(Trace left, Trace right, boolean results) {
		long comparable = comparable(left, right, results);
		if (comparable == 0 || same(left, right, comparable - 1, results)) {
			return new Found(null, comparable);
		}
		long low = 0;
		long high = comparable - 1;
		while (low < high) {
			long middle = (low + high) >>> 1;
			if (same(left, right, middle, results)) {
				low = middle + 1;
			}
			else {
				high = middle;
			}
		}
		return new Found(low, comparable);
	}

	/**
	 * The first column of a row that differs, in causal order.
	 * @param row a place at which both have the same columns
	 * @param results whether only results count
	 */
	public static @Nullable Column column(Trace left, Trace right, long row, boolean results) {
		Segment a = left.row(row).segment();
		Segment b = right.row(row).segment();
		long onLeft = row - a.firstRow();
		long onRight = row - b.firstRow();
		JoinedColumns joined = new JoinedColumns(a, b, new ColumnBook(), true);
		for (int i = 0; i < joined.size(); i++) {
			if ((!results || joined.column(i).result())
					&& (a.low(onLeft, joined.left(i)) != b.low(onRight, joined.right(i))
							|| a.high(onLeft, joined.left(i)) != b.high(onRight, joined.right(i)))) {
				return joined.column(i);
			}
		}
		return null;
	}

	private static boolean same(Trace left, Trace right, long row, boolean results) {
		Segment a = left.row(row).segment();
		Segment b = right.row(row).segment();
		long onLeft = row - a.firstRow();
		long onRight = row - b.firstRow();
		return a.chainLow(onLeft, results) == b.chainLow(onRight, results)
				&& a.chainHigh(onLeft, results) == b.chainHigh(onRight, results);
	}

	private static long comparable(Trace left, Trace right, boolean results) {
		if (left.every() != right.every()) {
			return 0;
		}
		long rows = Math.min(left.rows(), right.rows());
		int segments = Math.max(left.segments().size(), right.segments().size());
		for (int i = 0; i < segments; i++) {
			long onLeft = begin(left, i);
			long onRight = begin(right, i);
			if (onLeft != onRight) {
				return Math.min(rows, Math.min(onLeft, onRight));
			}
			if (onLeft >= rows) {
				return rows;
			}
			if (!chained(left.segments().get(i), results).equals(chained(right.segments().get(i), results))) {
				return onLeft;
			}
		}
		return rows;
	}

	private static long begin(Trace trace, int segment) {
		return (segment < trace.segments().size()) ? trace.segments().get(segment).firstRow() : Long.MAX_VALUE;
	}

	private static List<Column> chained(Segment segment, boolean results) {
		return results ? segment.columns().stream().filter(Column::result).toList() : segment.columns();
	}

}
