package dev.reprise.trainer;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;

/**
 * Images of digits, 8 by 8 pixels of 0 to 16 and the digit in a line each. Every fifth is
 * for tests.
 *
 * @param train images, of shape (samples, 64)
 * @param trainLabels the digits
 * @param test images
 * @param testLabels the digits
 */
record Digits(NDArray train, NDArray trainLabels, NDArray test, NDArray testLabels) {

	private static final int PIXELS = 64;

	private static final int FIFTH = 5;

	static Digits load(NDManager manager) throws IOException {
		List<String> train = new ArrayList<>();
		List<String> test = new ArrayList<>();
		List<String> lines = Data.lines("digits.csv");
		for (int i = 0; i < lines.size(); i++) {
			((i % FIFTH == FIFTH - 1) ? test : train).add(lines.get(i));
		}
		return new Digits(images(manager, train), labels(manager, train), images(manager, test), labels(manager, test));
	}

	private static NDArray images(NDManager manager, List<String> lines) {
		float[] pixels = new float[lines.size() * PIXELS];
		for (int i = 0; i < lines.size(); i++) {
			String[] numbers = lines.get(i).split(",", -1);
			if (numbers.length != PIXELS + 1) {
				throw new IllegalArgumentException(
						"a line of the data has " + numbers.length + " numbers: give 64 pixels and the digit");
			}
			for (int k = 0; k < PIXELS; k++) {
				pixels[i * PIXELS + k] = Integer.parseInt(numbers[k].strip()) / 16f;
			}
		}
		return manager.create(pixels, new Shape(lines.size(), PIXELS));
	}

	private static NDArray labels(NDManager manager, List<String> lines) {
		return manager.create(lines.stream()
			.mapToLong((line) -> Long.parseLong(line.substring(line.lastIndexOf(',') + 1).strip()))
			.toArray());
	}

}
