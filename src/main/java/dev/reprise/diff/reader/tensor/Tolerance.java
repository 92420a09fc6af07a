package dev.reprise.diff.reader.tensor;

/**
 * How far two floating-point numbers may be apart: {@code |left - right| <= atol + rtol *
 * |right|}, as in numpy's {@code allclose}, or at most {@code ulps} numbers of their type
 * apart. Not a number equals not a number; an infinity only itself; integers and booleans
 * only themselves.
 *
 * @param ulps 0 to 2^31-1
 * @param rtol finite, from 0
 * @param atol finite, from 0
 */
public record Tolerance(int ulps, double rtol, double atol) {

	public static final Tolerance NONE = new Tolerance(0, 0, 0);

	/**
	 * Checks the ranges.
	 * @throws IllegalArgumentException naming the one that is left
	 */
	public Tolerance {
		if (ulps < 0) {
			throw new IllegalArgumentException("ulps is negative; give 0 to 2147483647");
		}
		checkFinite("rtol", rtol);
		checkFinite("atol", atol);
	}

	private static void checkFinite(String name, double value) {
		if (!Double.isFinite(value) || value < 0) {
			throw new IllegalArgumentException(name + " is not a finite number from 0");
		}
	}

	/**
	 * Whether anything but equality was asked for.
	 */
	public boolean asked() {
		return this.ulps > 0 || this.rtol > 0 || this.atol > 0;
	}

	/**
	 * Whether two finite numbers are near enough.
	 * @param distance of the two
	 * @param right the right one's magnitude counts
	 * @param ulpDistance numbers of their type that they are apart
	 */
	public boolean allows(double distance, double right, long ulpDistance) {
		return distance <= this.atol + this.rtol * Math.abs(right) || ulpDistance <= this.ulps;
	}

}
