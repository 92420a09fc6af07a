package dev.reprise.record.trace;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.List;

/**
 * Rows of a trace that have the same columns, as they lie in one mapped file. A row is
 * named by its place in the segment, from 0 to {@link #rows()} - 1; it is only as true as
 * the process that wrote it.
 */
public final class Segment {

	/** Bytes of a row beside its columns. */
	static final int BESIDE = 48;

	static final int CELL = 16;

	private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

	private final Header header;

	private final MemorySegment rowBytes;

	private final int width;

	private final long rows;

	private final long firstRow;

	/**
	 * @param rowBytes whole rows
	 * @param firstRow the place of its first row in the trace
	 */
	Segment(Header header, MemorySegment rowBytes, long firstRow) {
		this.header = header;
		this.rowBytes = rowBytes;
		this.width = width(header.columns().size());
		this.rows = rowBytes.byteSize() / this.width;
		this.firstRow = firstRow;
	}

	static int width(int columns) {
		return BESIDE + CELL * columns;
	}

	/**
	 * Its number in the trace, from 0.
	 */
	public int number() {
		return this.header.segment();
	}

	/**
	 * What is watched, in the order of the rows.
	 */
	public List<Column> columns() {
		return this.header.columns();
	}

	/**
	 * How many rows.
	 */
	public long rows() {
		return this.rows;
	}

	/**
	 * The place of its first row among all rows of the trace.
	 */
	public long firstRow() {
		return this.firstRow;
	}

	/**
	 * The step of a row.
	 */
	public long step(long row) {
		return this.rowBytes.get(LONG, row * this.width);
	}

	/**
	 * The low 64 bits of a column; the bits of an IEEE double where it is a number.
	 * @param column its place in {@link #columns()}
	 */
	public long low(long row, int column) {
		return this.rowBytes.get(LONG, row * this.width + CELL + (long) CELL * column);
	}

	/**
	 * The high 64 bits of a column; 1 where it is a number and there.
	 */
	public long high(long row, int column) {
		return this.rowBytes.get(LONG, row * this.width + CELL + (long) CELL * column + Long.BYTES);
	}

	/**
	 * The low 64 bits of the chain over results in a row, or of that over all columns.
	 */
	public long chainLow(long row, boolean results) {
		return this.rowBytes.get(LONG, chainAt(row, results));
	}

	/**
	 * The high 64 bits of a chain.
	 */
	public long chainHigh(long row, boolean results) {
		return this.rowBytes.get(LONG, chainAt(row, results) + Long.BYTES);
	}

	/**
	 * The eight bytes of a row that mean nothing and are 0.
	 */
	public long reserved(long row) {
		return this.rowBytes.get(LONG, row * this.width + Long.BYTES);
	}

	Header header() {
		return this.header;
	}

	/**
	 * Copies the cells of neighbouring columns.
	 */
	void copyCells(long row, int column, int count, byte[] into, int at) {
		MemorySegment.copy(this.rowBytes, ValueLayout.JAVA_BYTE, row * this.width + CELL + (long) CELL * column, into,
				at, CELL * count);
	}

	private long chainAt(long row, boolean results) {
		return (row + 1) * this.width - (results ? 2 * CELL : CELL);
	}

}
