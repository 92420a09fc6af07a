package dev.reprise.record.trace;

import java.util.List;
import java.util.OptionalDouble;

/**
 * One row of a trace: what was seen in one step. It can be asked as long as its trace is
 * open.
 *
 * @param segment where it lies
 * @param index its place there
 */
public record Row(Segment segment, long index) {

	/**
	 * Its step, from 0.
	 */
	public long step() {
		return this.segment.step(this.index);
	}

	/**
	 * What is watched in it.
	 */
	public List<Column> columns() {
		return this.segment.columns();
	}

	/**
	 * The fingerprint of a column.
	 * @param column its place in {@link #columns()}
	 */
	public Fingerprint fingerprint(int column) {
		return new Fingerprint(this.segment.low(this.index, column), this.segment.high(this.index, column));
	}

	/**
	 * The number of a column; empty where it is absent.
	 */
	public OptionalDouble number(int column) {
		return (this.segment.high(this.index, column) != 0)
				? OptionalDouble.of(Double.longBitsToDouble(this.segment.low(this.index, column)))
				: OptionalDouble.empty();
	}

	/**
	 * The chain over results, or that over all columns.
	 */
	public Fingerprint chain(boolean results) {
		return new Fingerprint(this.segment.chainLow(this.index, results), this.segment.chainHigh(this.index, results));
	}

}
