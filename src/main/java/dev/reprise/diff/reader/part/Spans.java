package dev.reprise.diff.reader.part;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Stretches of a file's bytes that are set apart, in their order. That two files are
 * equal but for these is shown by the bytes around them, not by what a reader made of
 * them.
 */
public final class Spans {

	private final List<int[]> spans = new ArrayList<>();

	/**
	 * Sets bytes apart.
	 * @param from the first
	 * @param to behind the last
	 */
	public void add(int from, int to) {
		this.spans.add(new int[] { from, to });
	}

	/**
	 * How many stretches there are.
	 */
	public int count() {
		return this.spans.size();
	}

	/**
	 * Whether two files have equally many of them and are equal around them.
	 */
	public static boolean sameAround(byte[] left, Spans ofLeft, byte[] right, Spans ofRight) {
		if (ofLeft.count() != ofRight.count()) {
			return false;
		}
		int a = 0;
		int b = 0;
		for (int i = 0; i < ofLeft.count(); i++) {
			int[] x = ofLeft.spans.get(i);
			int[] y = ofRight.spans.get(i);
			if (a > x[0] || b > y[0] || !Arrays.equals(left, a, x[0], right, b, y[0])) {
				return false;
			}
			a = x[1];
			b = y[1];
		}
		return Arrays.equals(left, a, left.length, right, b, right.length);
	}

}
