package dev.reprise.diff.engine.trace;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

import dev.reprise.diff.engine.trace.Parting.State;
import dev.reprise.record.trace.Column;
import dev.reprise.record.trace.Fingerprint;
import dev.reprise.record.trace.Kind;
import dev.reprise.record.trace.Segment;
import dev.reprise.record.trace.Trace;
import org.jspecify.annotations.Nullable;

/**
 * Compares two traces row by row: rows are joined by their steps, columns by what they
 * are. It reads each once and keeps no row.
 */
final class Pass {

	private static final int MAX_CURVES = 16;

	private static final int MAX_REASONS = 20;

	private final Cursor left;

	private final Cursor right;

	private final long every;

	private final boolean sameTensors;

	private final ColumnBook book = new ColumnBook();

	private final Map<Column, LossCurve> curves = new LinkedHashMap<>();

	private final Set<String> reasons = new TreeSet<>();

	private @Nullable Segment joinedLeft;

	private @Nullable Segment joinedRight;

	private @Nullable JoinedColumns joined;

	private long compared;

	private long onLeftOnly;

	private long onRightOnly;

	private @Nullable Parting parting;

	private @Nullable Long partedAt;

	private boolean unread;

	private @Nullable Parting evidence;

	private long differing;

	private boolean lastDiffers;

	private @Nullable Long last;

	private @Nullable Long healedAt;

	Pass(Trace left, Trace right, boolean sameTensors) {
		this.left = new Cursor(left, true);
		this.right = new Cursor(right, true);
		this.every = Math.max(left.every(), right.every());
		this.sameTensors = sameTensors;
	}

	void run() {
		boolean onLeft = this.left.advance();
		boolean onRight = this.right.advance();
		while (onLeft || onRight) {
			if (onLeft && onRight && this.left.step() == this.right.step()) {
				row();
				onLeft = this.left.advance();
				onRight = this.right.advance();
			}
			else if (onLeft && (!onRight || this.left.step() < this.right.step())) {
				this.onLeftOnly++;
				onLeft = this.left.advance();
			}
			else {
				this.onRightOnly++;
				onRight = this.right.advance();
			}
		}
	}

	private void row() {
		JoinedColumns columns = columns();
		boolean result = false;
		boolean any = false;
		if (columns.identical() && this.left.sameChain(this.right)) {
			sameRow(columns);
		}
		else {
			for (int i = 0; i < columns.size(); i++) {
				if (differs(columns, i, true)) {
					any = true;
					result |= columns.column(i).result();
				}
			}
		}
		if (any && this.evidence == null) {
			this.evidence = parting(columns, false);
		}
		if (result) {
			if (this.parting == null) {
				this.parting = parting(columns, true);
				this.partedAt = this.left.rows() - 1;
			}
			this.differing++;
			this.healedAt = null;
		}
		else if (this.lastDiffers) {
			this.healedAt = this.left.step();
		}
		this.lastDiffers = result;
		this.last = this.left.step();
		this.compared++;
	}

	/**
	 * What most rows are: equal, since their chains are, and with nothing to be noted but
	 * losses.
	 */
	private void sameRow(JoinedColumns columns) {
		Segment segment = this.left.segment();
		long row = this.left.row();
		for (int i = 0; i < columns.size(); i++) {
			if (!this.book.settled(columns.id(i)) || segment.high(row, columns.left(i)) == 0
					|| columns.column(i).number()) {
				differs(columns, i, true);
			}
		}
	}

	private JoinedColumns columns() {
		Segment onLeft = this.left.segment();
		Segment onRight = this.right.segment();
		JoinedColumns before = this.joined;
		if (before != null && this.joinedLeft == onLeft && this.joinedRight == onRight) {
			return before;
		}
		JoinedColumns columns = new JoinedColumns(onLeft, onRight, this.book, this.sameTensors);
		this.joined = columns;
		this.joinedLeft = onLeft;
		this.joinedRight = onRight;
		for (String reason : columns.reasons()) {
			if (this.reasons.size() < MAX_REASONS) {
				this.reasons.add(reason);
			}
		}
		return columns;
	}

	/**
	 * Whether a column differs in this row, and whatever else is to be known of it.
	 */
	private boolean differs(JoinedColumns columns, int i, boolean noted) {
		int onLeft = columns.left(i);
		int onRight = columns.right(i);
		long leftLow = (onLeft >= 0) ? this.left.segment().low(this.left.row(), onLeft) : Fingerprint.ABSENT;
		long leftHigh = (onLeft >= 0) ? this.left.segment().high(this.left.row(), onLeft) : 0;
		long rightLow = (onRight >= 0) ? this.right.segment().low(this.right.row(), onRight) : Fingerprint.ABSENT;
		long rightHigh = (onRight >= 0) ? this.right.segment().high(this.right.row(), onRight) : 0;
		boolean same = leftLow == rightLow && leftHigh == rightHigh;
		if (columns.column(i).number()) {
			if (noted) {
				curve(columns.column(i), number(leftLow, leftHigh), number(rightLow, rightHigh));
			}
		}
		else {
			boolean unreadLeft = leftHigh == 0 && leftLow == Fingerprint.UNREAD;
			boolean unreadRight = rightHigh == 0 && rightLow == Fingerprint.UNREAD;
			if (unreadLeft || unreadRight) {
				this.unread = true;
				this.book.unread(columns.id(i), unreadLeft, unreadRight);
				return false;
			}
		}
		if (noted) {
			if (same) {
				this.book.equal(columns.id(i), leftLow, leftHigh);
			}
			else {
				this.book.different(columns.id(i));
			}
		}
		return !same;
	}

	private void curve(Column column, @Nullable Double onLeft, @Nullable Double onRight) {
		LossCurve curve = this.curves.get(column);
		if (curve == null && this.curves.size() < MAX_CURVES) {
			curve = new LossCurve(column);
			this.curves.put(column, curve);
		}
		if (curve != null && (onLeft != null || onRight != null)) {
			curve.add(this.left.step(), onLeft, onRight);
		}
	}

	private static @Nullable Double number(long low, long high) {
		return (high != 0) ? (Double) Double.longBitsToDouble(low) : null;
	}

	private Parting parting(JoinedColumns columns, boolean results) {
		Map<Kind, State> kinds = new EnumMap<>(Kind.class);
		Set<Kind> before = EnumSet.noneOf(Kind.class);
		List<Column> named = new ArrayList<>();
		long count = 0;
		for (int i = 0; i < columns.size(); i++) {
			Column column = columns.column(i);
			State state = state(columns, i);
			kinds.merge(column.kind(), state, Pass::worse);
			if (state == State.DIFFERENT && (!results || column.result())) {
				count++;
				if (named.size() < Parting.MAX_COLUMNS) {
					named.add(column);
				}
			}
			else if (state == State.EQUAL && count == 0) {
				before.add(column.kind());
			}
		}
		return new Parting(this.left.step(), this.compared == 0 && this.onLeftOnly == 0 && this.onRightOnly == 0,
				this.every, named.getFirst(), kinds, before, named, count);
	}

	private static State worse(State one, State other) {
		if (one == State.DIFFERENT || other == State.DIFFERENT) {
			return State.DIFFERENT;
		}
		return (one == State.EQUAL || other == State.EQUAL) ? State.EQUAL : State.NOT_COMPARED;
	}

	private State state(JoinedColumns columns, int i) {
		if (differs(columns, i, false)) {
			return State.DIFFERENT;
		}
		boolean number = columns.column(i).number();
		return (holds(this.left, columns.left(i), number) && holds(this.right, columns.right(i), number)) ? State.EQUAL
				: State.NOT_COMPARED;
	}

	private static boolean holds(Cursor side, int column, boolean number) {
		if (column < 0) {
			return false;
		}
		long low = side.segment().low(side.row(), column);
		return side.segment().high(side.row(), column) != 0
				|| (!number && (low < Fingerprint.ABSENT || low > Fingerprint.UNREAD));
	}

	Cursor left() {
		return this.left;
	}

	Cursor right() {
		return this.right;
	}

	ColumnBook book() {
		return this.book;
	}

	/** Why columns were not compared, in sentences' second halves. */
	Set<String> reasons() {
		return this.reasons;
	}

	/** Steps of which both sides have a row. */
	long compared() {
		return this.compared;
	}

	/** The last of them, null where there is none. */
	@Nullable Long last() {
		return this.last;
	}

	/** Rows of steps that the right side has no row of. */
	long onLeftOnly() {
		return this.onLeftOnly;
	}

	/** Rows of steps that the left side has no row of. */
	long onRightOnly() {
		return this.onRightOnly;
	}

	/** Where results differ first, null where they do not. */
	@Nullable Parting parting() {
		return this.parting;
	}

	/** The place of that row among those of the left side. */
	@Nullable Long partedAt() {
		return this.partedAt;
	}

	/** Whether something could not be fingerprinted. */
	boolean unread() {
		return this.unread;
	}

	/** Where anything differs first, generators too. */
	@Nullable Parting evidence() {
		return this.evidence;
	}

	/** In how many steps results differ. */
	long differing() {
		return this.differing;
	}

	/** The step from which results are equal again up to the end, null where none is. */
	@Nullable Long healedAt() {
		return this.healedAt;
	}

	List<LossCurve.Thinned> curves() {
		return this.curves.values().stream().map(LossCurve::thinned).toList();
	}

}
