package dev.reprise.diff.engine.trace;

import java.util.ArrayList;
import java.util.List;

import dev.reprise.record.trace.Column;
import org.jspecify.annotations.Nullable;

/**
 * How one loss went on both sides, thinned out so that it can be drawn.
 */
public final class LossCurve {

	/** Most points, the last one among them. */
	private static final int MAX_POINTS = 64;

	private final Column column;

	private List<Point> points = new ArrayList<>();

	private long stride = 1;

	private long seen;

	private @Nullable Point last;

	private double largest = -1;

	private @Nullable Long largestAt;

	LossCurve(Column column) {
		this.column = column;
	}

	/**
	 * The numbers of one step.
	 *
	 * @param step counted from 0
	 * @param left null where there is none, or none that is finite
	 * @param right null where there is none, or none that is finite
	 */
	public record Point(long step, @Nullable Double left, @Nullable Double right) {
	}

	/**
	 * A curve, as far as it is kept.
	 *
	 * @param tensor the loss's name; empty where it has none
	 * @param largestRelative the largest difference as a part of the larger magnitude, 0
	 * to 2; null where the two were never both finite
	 * @param step where that is, null where nothing differs
	 * @param points at most 64, in order of their steps
	 */
	public record Thinned(String tensor, @Nullable Double largestRelative, @Nullable Long step, List<Point> points) {

		public Thinned {
			points = List.copyOf(points);
		}

	}

	void add(long step, @Nullable Double left, @Nullable Double right) {
		Point point = new Point(step, finite(left), finite(right));
		this.last = point;
		if (this.seen++ % this.stride == 0) {
			this.points.add(point);
			if (this.points.size() == MAX_POINTS) {
				thin();
			}
		}
		if (point.left() != null && point.right() != null) {
			double larger = Math.max(Math.abs(point.left()), Math.abs(point.right()));
			double relative = (larger > 0) ? Math.abs(point.left() / larger - point.right() / larger) : 0;
			if (relative > this.largest) {
				this.largest = relative;
				this.largestAt = (relative > 0) ? (Long) step : null;
			}
		}
	}

	private void thin() {
		List<Point> half = new ArrayList<>();
		for (int i = 0; i < this.points.size(); i += 2) {
			half.add(this.points.get(i));
		}
		this.points = half;
		this.stride *= 2;
	}

	Thinned thinned() {
		List<Point> all = new ArrayList<>(this.points);
		if (this.last != null && !all.getLast().equals(this.last)) {
			all.add(this.last);
		}
		return new Thinned(this.column.name(), (this.largest >= 0) ? (Double) this.largest : null, this.largestAt, all);
	}

	private static @Nullable Double finite(@Nullable Double number) {
		return (number != null && Double.isFinite(number)) ? number : null;
	}

}
