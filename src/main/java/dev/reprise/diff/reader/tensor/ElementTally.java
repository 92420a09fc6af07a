package dev.reprise.diff.reader.tensor;

import dev.reprise.diff.reader.bytes.PlainText;

/**
 * Counts in what the elements of two tensors of one form differ.
 */
final class ElementTally {

	private static final double NOTHING = -1;

	private final Tensor left;

	private final Tolerance tolerance;

	private long different;

	private long first = -1;

	private double maxAbs = NOTHING;

	private double maxRel = NOTHING;

	private long maxUlp = -1;

	private long bitsOnly;

	private long nan;

	private long infinite;

	private long outside;

	ElementTally(Tensor left, Tolerance tolerance) {
		this.left = left;
		this.tolerance = tolerance;
	}

	/**
	 * Takes in one pair of elements.
	 * @param place of the element in the left file
	 * @param a0 bits of the left one's first part
	 * @param a1 bits of its second part, 0 where there is one part
	 * @param b0 bits of the right one's first part
	 * @param b1 bits of its second part
	 */
	void add(long place, long a0, long a1, long b0, long b1) {
		if (a0 == b0 && a1 == b1) {
			return;
		}
		this.different++;
		if (this.first < 0) {
			this.first = place;
		}
		boolean allowed = switch (this.left.dtype().family()) {
			case FLOAT -> addFloats(a0, a1, b0, b1);
			case SIGNED, UNSIGNED -> addIntegers(a0, b0);
			case BOOLEAN -> false;
		};
		if (!allowed) {
			this.outside++;
		}
	}

	private boolean addFloats(long a0, long a1, long b0, long b1) {
		Dtype dtype = this.left.dtype();
		boolean complex = dtype.parts() == 2;
		double leftReal = dtype.value(a0);
		double leftImaginary = complex ? dtype.value(a1) : 0;
		double rightReal = dtype.value(b0);
		double rightImaginary = complex ? dtype.value(b1) : 0;
		boolean leftNan = Double.isNaN(leftReal) || Double.isNaN(leftImaginary);
		boolean rightNan = Double.isNaN(rightReal) || Double.isNaN(rightImaginary);
		if (leftNan || rightNan) {
			this.nan++;
			boolean both = leftNan && rightNan;
			this.bitsOnly += both ? 1 : 0;
			return both;
		}
		if (leftReal == rightReal && leftImaginary == rightImaginary) {
			this.bitsOnly++;
			return true;
		}
		if (Double.isInfinite(leftReal) || Double.isInfinite(leftImaginary) || Double.isInfinite(rightReal)
				|| Double.isInfinite(rightImaginary)) {
			this.infinite++;
			return false;
		}
		double distance = distance(leftReal - rightReal, leftImaginary - rightImaginary);
		double magnitude = distance(rightReal, rightImaginary);
		long ulps = Math.max(ulps(dtype.rank(a0), dtype.rank(b0)), complex ? ulps(dtype.rank(a1), dtype.rank(b1)) : 0);
		far(distance, magnitude);
		this.maxUlp = Math.max(this.maxUlp, ulps);
		return this.tolerance.allows(distance, magnitude, ulps);
	}

	private boolean addIntegers(long a, long b) {
		Dtype dtype = this.left.dtype();
		boolean signed = dtype.family() == Dtype.Family.SIGNED;
		long x = signed ? dtype.signed(a) : a;
		long y = signed ? dtype.signed(b) : b;
		int order = signed ? Long.compare(x, y) : Long.compareUnsigned(x, y);
		long distance = (order > 0) ? x - y : y - x;
		far(Dtype.U64.value(distance), Math.abs(dtype.value(b)));
		return false;
	}

	private void far(double distance, double magnitude) {
		this.maxAbs = Math.max(this.maxAbs, Math.min(distance, Double.MAX_VALUE));
		if (magnitude > 0) {
			this.maxRel = Math.max(this.maxRel, Math.min(distance / magnitude, Double.MAX_VALUE));
		}
	}

	private static double distance(double real, double imaginary) {
		return (imaginary == 0) ? Math.abs(real) : Math.hypot(real, imaginary);
	}

	/**
	 * Two ranks of 64-bit numbers can be further apart than a long reaches.
	 */
	private static long ulps(long a, long b) {
		long distance = (a > b) ? a - b : b - a;
		return (distance < 0) ? Long.MAX_VALUE : distance;
	}

	boolean isEmpty() {
		return this.different == 0;
	}

	TensorDifference.Values difference() {
		return new TensorDifference.Values(PlainText.of(this.left.name()), this.left.dtype().name(), this.left.shape(),
				this.different, this.left.elements(), (this.maxAbs < 0) ? null : this.maxAbs,
				(this.maxRel < 0) ? null : this.maxRel, (this.maxUlp < 0) ? null : this.maxUlp,
				this.left.index(this.first), this.bitsOnly, this.nan, this.infinite, this.outside,
				this.tolerance.asked() && this.outside == 0);
	}

}
