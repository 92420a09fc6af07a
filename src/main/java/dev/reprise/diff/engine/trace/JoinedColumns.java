package dev.reprise.diff.engine.trace;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

import dev.reprise.record.trace.Column;
import dev.reprise.record.trace.Kind;
import dev.reprise.record.trace.Segment;
import org.jspecify.annotations.Nullable;

/**
 * The columns of two segments side by side, in causal order. A column that only one side
 * has is absent on the other, unless there is a reason for it that says nothing of what
 * was computed.
 */
final class JoinedColumns {

	private final List<Place> places = new ArrayList<>();

	private final Set<String> reasons = new TreeSet<>();

	private final boolean identical;

	/**
	 * @param sameTensors whether both sides were asked to watch the same tensors
	 */
	JoinedColumns(Segment left, Segment right, ColumnBook book, boolean sameTensors) {
		this.identical = left.columns().equals(right.columns());
		Map<Column, Integer> onRight = new HashMap<>();
		for (int i = 0; i < right.columns().size(); i++) {
			onRight.put(right.columns().get(i), i);
		}
		int joined = 0;
		List<Place> onLeftOnly = new ArrayList<>();
		for (int i = 0; i < left.columns().size(); i++) {
			Column column = left.columns().get(i);
			Integer other = onRight.remove(column);
			Place place = new Place(column, book.id(column), i, (other != null) ? other : -1);
			((other != null) ? this.places : onLeftOnly).add(place);
			joined += (other != null) ? 1 : 0;
		}
		if (!onLeftOnly.isEmpty() || joined < right.columns().size()) {
			oneSided(left, right, book, sameTensors, onLeftOnly, onRight);
		}
		this.places.sort(Comparator.comparing((Place place) -> place.column.kind().place())
			.thenComparingInt((place) -> Math.max(place.left, place.right)));
	}

	private void oneSided(Segment left, Segment right, ColumnBook book, boolean sameTensors, List<Place> onLeftOnly,
			Map<Column, Integer> onRightOnly) {
		Side leftSide = new Side(left);
		Side rightSide = new Side(right);
		for (Place place : onLeftOnly) {
			if (isTold(place.column, leftSide, rightSide, sameTensors)) {
				this.places.add(place);
			}
		}
		onRightOnly.forEach((column, i) -> {
			if (isTold(column, rightSide, leftSide, sameTensors)) {
				this.places.add(new Place(column, book.id(column), -1, i));
			}
		});
	}

	/**
	 * Whether that the other side lacks a column says that it computed something else.
	 */
	private boolean isTold(Column column, Side own, Side other, boolean sameTensors) {
		String reason = reason(column, own, other, sameTensors);
		if (reason != null && column.result()) {
			this.reasons.add(reason);
		}
		return reason == null;
	}

	private static @Nullable String reason(Column column, Side own, Side other, boolean sameTensors) {
		String kind = column.kind().word();
		// Where the same tensors are apart on both sides, the sum of the rest is the
		// same.
		boolean alike = sameTensors && own.sums.contains(column.kind()) && other.sums.contains(column.kind());
		if (!alike && (column.sum() ? other.kinds.contains(column.kind()) : other.sums.contains(column.kind()))) {
			return "columns of kind " + kind + " are summed up on one side only";
		}
		if (other.named.contains(column.kind() + " " + column.name())) {
			return "columns of kind " + kind + " have fingerprints of two algorithms";
		}
		return (!sameTensors && column.result())
				? "the two sides were asked to watch other tensors, among them of kind " + kind : null;
	}

	int size() {
		return this.places.size();
	}

	Column column(int i) {
		return this.places.get(i).column;
	}

	/**
	 * Its number in the book.
	 */
	int id(int i) {
		return this.places.get(i).id;
	}

	/**
	 * Its place in the left segment, -1 where it is not there.
	 */
	int left(int i) {
		return this.places.get(i).left;
	}

	/**
	 * Its place in the right segment, -1 where it is not there.
	 */
	int right(int i) {
		return this.places.get(i).right;
	}

	/**
	 * Whether both segments have the same columns in the same order.
	 */
	boolean identical() {
		return this.identical;
	}

	/**
	 * Why columns were left out, in sentences' second halves.
	 */
	Set<String> reasons() {
		return this.reasons;
	}

	private record Place(Column column, int id, int left, int right) {
	}

	private static final class Side {

		private final Set<Kind> kinds = EnumSet.noneOf(Kind.class);

		private final Set<Kind> sums = EnumSet.noneOf(Kind.class);

		private final Set<String> named = new HashSet<>();

		private Side(Segment segment) {
			for (Column column : segment.columns()) {
				this.kinds.add(column.kind());
				this.named.add(column.kind() + " " + column.name());
				if (column.sum()) {
					this.sums.add(column.kind());
				}
			}
		}

	}

}
