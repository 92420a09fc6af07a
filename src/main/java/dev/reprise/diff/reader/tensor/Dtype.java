package dev.reprise.diff.reader.tensor;

import org.jspecify.annotations.Nullable;

/**
 * What the elements of a tensor are, by the names that safetensors gives them.
 */
enum Dtype {

	F64(8, 1, Family.FLOAT), F32(4, 1, Family.FLOAT), F16(2, 1, Family.FLOAT), BF16(2, 1, Family.FLOAT),
	F8_E4M3(1, 1, Family.FLOAT), F8_E5M2(1, 1, Family.FLOAT), I64(8, 1, Family.SIGNED), I32(4, 1, Family.SIGNED),
	I16(2, 1, Family.SIGNED), I8(1, 1, Family.SIGNED), U64(8, 1, Family.UNSIGNED), U32(4, 1, Family.UNSIGNED),
	U16(2, 1, Family.UNSIGNED), U8(1, 1, Family.UNSIGNED), BOOL(1, 1, Family.BOOLEAN), C64(4, 2, Family.FLOAT),
	C128(8, 2, Family.FLOAT);

	/**
	 * How the bits of an element are to be understood.
	 */
	enum Family {

		FLOAT, SIGNED, UNSIGNED, BOOLEAN

	}

	private final int width;

	private final int parts;

	private final Family family;

	Dtype(int width, int parts, Family family) {
		this.width = width;
		this.parts = parts;
		this.family = family;
	}

	/**
	 * The type of that name, or null.
	 */
	static @Nullable Dtype named(String name) {
		for (Dtype dtype : values()) {
			if (dtype.name().equals(name)) {
				return dtype;
			}
		}
		return null;
	}

	/**
	 * Bytes of one part of an element.
	 */
	int width() {
		return this.width;
	}

	/**
	 * Parts of an element: two for a complex number, otherwise one.
	 */
	int parts() {
		return this.parts;
	}

	/**
	 * Bytes of one element.
	 */
	int bytes() {
		return this.width * this.parts;
	}

	Family family() {
		return this.family;
	}

	/**
	 * The number that the bits of one part stand for.
	 */
	double value(long bits) {
		return switch (this) {
			case F64, C128 -> Double.longBitsToDouble(bits);
			case F32, C64 -> Float.intBitsToFloat((int) bits);
			case F16 -> Float.float16ToFloat((short) bits);
			case BF16 -> Float.intBitsToFloat((int) bits << 16);
			case F8_E5M2 -> Float.float16ToFloat((short) (bits << 8));
			case F8_E4M3 -> e4m3((int) bits & 0xFF);
			case U64 -> (bits >= 0) ? bits : ((bits >>> 1) | (bits & 1)) * 2.0;
			case U32, U16, U8, BOOL -> bits;
			case I64, I32, I16, I8 -> signed(bits);
		};
	}

	/**
	 * The bits of a signed integer, extended to 64.
	 */
	long signed(long bits) {
		int unused = Long.SIZE - this.width * Byte.SIZE;
		return bits << unused >> unused;
	}

	/**
	 * Place of a floating-point number among all of its type, so that neighbours are one
	 * apart and both zeros are 0.
	 */
	long rank(long bits) {
		long sign = 1L << (this.width * Byte.SIZE - 1);
		long magnitude = bits & (sign - 1);
		return ((bits & sign) != 0) ? -magnitude : magnitude;
	}

	/**
	 * One sign bit, four of exponent (bias 7), three of mantissa, no infinities, one NaN
	 * (Micikevicius et al., "FP8 formats for deep learning").
	 */
	private static double e4m3(int bits) {
		int exponent = bits >> 3 & 0xF;
		int mantissa = bits & 7;
		if ((bits & 0x7F) == 0x7F) {
			return Double.NaN;
		}
		double magnitude = (exponent == 0) ? Math.scalb(mantissa, -9) : Math.scalb(8 + mantissa, exponent - 10);
		return ((bits & 0x80) != 0) ? -magnitude : magnitude;
	}

}
