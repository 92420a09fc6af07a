package dev.reprise.cli.bench;

import java.util.List;
import java.util.function.DoubleFunction;

/**
 * Measurements of one thing.
 *
 * @param values in the order in which they were taken, at least one
 */
record Samples(List<Double> values) {

	Samples {
		if (values.isEmpty()) {
			throw new IllegalArgumentException("nothing was measured");
		}
		values = List.copyOf(values);
	}

	double median() {
		List<Double> sorted = this.values.stream().sorted().toList();
		int middle = sorted.size() / 2;
		return (sorted.size() % 2 == 1) ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
	}

	double least() {
		return this.values.stream().mapToDouble(Double::doubleValue).min().orElseThrow();
	}

	double most() {
		return this.values.stream().mapToDouble(Double::doubleValue).max().orElseThrow();
	}

	int count() {
		return this.values.size();
	}

	/**
	 * The least and the most.
	 */
	String spread(DoubleFunction<String> format) {
		return format.apply(least()) + " to " + format.apply(most());
	}

}
