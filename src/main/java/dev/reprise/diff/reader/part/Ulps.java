package dev.reprise.diff.reader.part;

/**
 * How many numbers of a type two of its numbers are apart.
 */
final class Ulps {

	private Ulps() {
	}

	static long between(double left, double right) {
		long distance = Math.abs(rank(Double.doubleToRawLongBits(left)) - rank(Double.doubleToRawLongBits(right)));
		boolean overflown = (left < 0) != (right < 0) && Math.abs(left) + Math.abs(right) >= 2;
		return (distance < 0 || overflown) ? Long.MAX_VALUE : distance;
	}

	static long between(float left, float right) {
		return Math.abs(rank(Float.floatToRawIntBits(left)) - rank(Float.floatToRawIntBits(right)));
	}

	private static long rank(long bits) {
		return (bits < 0) ? -(bits & Long.MAX_VALUE) : bits;
	}

	private static long rank(int bits) {
		return (bits < 0) ? -(long) (bits & Integer.MAX_VALUE) : bits;
	}

}
