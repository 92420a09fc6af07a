package dev.reprise.diff.engine.trace;

import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

import dev.reprise.record.trace.ChainCheck;
import dev.reprise.record.trace.Segment;
import dev.reprise.record.trace.Trace;
import org.jspecify.annotations.Nullable;

/**
 * Goes once through all rows of a trace and looks whether they are as a process writes
 * them: in order, none left out, each with the right chains. Rows out of order end it.
 */
final class Cursor {

	private final List<Segment> segments;

	private final long every;

	private final boolean checked;

	private final ChainCheck chains = new ChainCheck();

	private int next;

	private @Nullable Segment segment;

	private long row = -1;

	private long step = -1;

	private long rows;

	private @Nullable String disorder;

	private @Nullable String skipped;

	private @Nullable String odd;

	private @Nullable String forged;

	/**
	 * @param checked whether chains are computed anew
	 */
	Cursor(Trace trace, boolean checked) {
		this.checked = checked;
		this.segments = trace.segments();
		this.every = trace.every();
	}

	/**
	 * Goes to the next row, false where there is none.
	 */
	boolean advance() {
		Segment at = this.segment;
		while (at == null || this.row + 1 >= at.rows()) {
			if (this.next == this.segments.size()) {
				return false;
			}
			at = this.segments.get(this.next++);
			this.segment = at;
			this.row = -1;
			if (this.checked && this.forged == null) {
				this.chains.begin(at);
			}
		}
		this.row++;
		return check(at);
	}

	private boolean check(Segment at) {
		long before = this.step;
		long now = at.step(this.row);
		if (now <= before) {
			this.disorder = "its steps do not increase: " + Long.toUnsignedString(now) + " comes after " + before;
			this.next = this.segments.size();
			this.segment = null;
			return false;
		}
		if (this.skipped == null && (now % this.every != 0 || (before >= 0 && now - before != this.every))) {
			this.skipped = "it has no row between steps " + Math.max(before, 0) + " and " + now
					+ ", or one too many, although every " + this.every + " is due";
		}
		if (this.odd == null && at.reserved(this.row) != 0) {
			this.odd = "its row of step " + now + " has something in the bytes that hold nothing";
		}
		if (this.checked && this.forged == null && !this.chains.next(at, this.row)) {
			this.forged = "its chain is not that of its rows, from step " + now + " on";
		}
		this.step = now;
		this.rows++;
		return true;
	}

	Segment segment() {
		if (this.segment == null) {
			throw new IllegalStateException("there is no row");
		}
		return this.segment;
	}

	/**
	 * Whether the chains over all columns are equal in both rows, and both are honest up
	 * to here: so what the rows hold is equal.
	 */
	boolean sameChain(Cursor other) {
		return this.checked && other.checked && this.forged == null && other.forged == null
				&& segment().chainLow(this.row, false) == other.segment().chainLow(other.row, false)
				&& segment().chainHigh(this.row, false) == other.segment().chainHigh(other.row, false);
	}

	/**
	 * The place of the row in its segment.
	 */
	long row() {
		return this.row;
	}

	/**
	 * Its step; -1 before the first.
	 */
	long step() {
		return this.step;
	}

	/**
	 * How many rows were passed.
	 */
	long rows() {
		return this.rows;
	}

	/**
	 * What is not as a process writes it, as sentences' second halves.
	 */
	List<String> problems() {
		return Stream.of(this.disorder, this.skipped, this.odd, this.forged)
			.filter(Objects::nonNull)
			.map(String::valueOf)
			.toList();
	}

}
