package dev.reprise.replay.cost;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Several measurements of one thing.
 *
 * @param median of an even number the mean of the two in the middle
 * @param min the smallest
 * @param max the largest
 */
record Spread(double median, double min, double max) {

	/**
	 * Of finite numbers; null where there are none.
	 */
	static @Nullable Spread of(List<Double> values) {
		if (values.isEmpty()) {
			return null;
		}
		List<Double> sorted = values.stream().sorted().toList();
		int middle = sorted.size() / 2;
		double median = (sorted.size() % 2 == 1) ? sorted.get(middle)
				: (sorted.get(middle - 1) + sorted.get(middle)) / 2;
		return new Spread(median, sorted.getFirst(), sorted.getLast());
	}

}
