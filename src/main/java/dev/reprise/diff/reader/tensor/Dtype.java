package dev.reprise.diff.reader.tensor;

import org.jspecify.annotations.Nullable;

/**
 * What the elements of a tensor are, by the names that safetensors gives them.
 */
public enum Dtype {

	F64(8, 1, Family.FLOAT), F32(4, 1, Family.FLOAT), F16(2, 1, Family.FLOAT), BF16(2, 1, Family.FLOAT),
	F8_E4M3(1, 1, Family.FLOAT), F8_E5M2(1, 1, Family.FLOAT), F8_E4M3FNUZ(1, 1, Family.FLOAT),
	F8_E5M2FNUZ(1, 1, Family.FLOAT), F8_E8M0(1, 1, Family.FLOAT), I64(8, 1, Family.SIGNED), I32(4, 1, Family.SIGNED),
	I16(2, 1, Family.SIGNED), I8(1, 1, Family.SIGNED), U64(8, 1, Family.UNSIGNED), U32(4, 1, Family.UNSIGNED),
	U16(2, 1, Family.UNSIGNED), U8(1, 1, Family.UNSIGNED), BOOL(1, 1, Family.BOOLEAN), C32(2, 2, Family.FLOAT),
	C64(4, 2, Family.FLOAT), C128(8, 2, Family.FLOAT);

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
	public static @Nullable Dtype named(String name) {
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
	public int width() {
		return this.width;
	}

	/**
	 * Parts of an element: two for a complex number, otherwise one.
	 */
	public int parts() {
		return this.parts;
	}

	/**
	 * Bytes of one element.
	 */
	public int bytes() {
		return this.width * this.parts;
	}

	Family family() {
		return this.family;
	}

	/**
	 * The number that the bits of one part stand for.
	 */
	public double value(long bits) {
		return switch (this) {
			case F64, C128 -> Double.longBitsToDouble(bits);
			case F32, C64 -> Float.intBitsToFloat((int) bits);
			case F16, C32 -> Float.float16ToFloat((short) bits);
			case BF16 -> Float.intBitsToFloat((int) bits << 16);
			case F8_E5M2 -> Float.float16ToFloat((short) (bits << 8));
			case F8_E4M3 -> ((bits & 0x7F) == 0x7F) ? Double.NaN : small((int) bits, 3, 7);
			case F8_E4M3FNUZ -> (bits == 0x80) ? Double.NaN : small((int) bits, 3, 8);
			case F8_E5M2FNUZ -> (bits == 0x80) ? Double.NaN : small((int) bits, 2, 16);
			case F8_E8M0 -> (bits == 0xFF) ? Double.NaN : Math.scalb(1.0, (int) bits - 127);
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
		if (this == F8_E8M0) {
			return bits;
		}
		long sign = 1L << (this.width * Byte.SIZE - 1);
		long magnitude = bits & (sign - 1);
		return ((bits & sign) != 0) ? -magnitude : magnitude;
	}

	/**
	 * One sign bit, an exponent with a bias, a mantissa, no infinities (Micikevicius et
	 * al., "FP8 formats for deep learning").
	 */
	private static double small(int bits, int mantissaBits, int bias) {
		int exponent = (bits & 0x7F) >> mantissaBits;
		int mantissa = bits & ((1 << mantissaBits) - 1);
		double magnitude = (exponent == 0) ? Math.scalb((double) mantissa, 1 - bias - mantissaBits)
				: Math.scalb((double) ((1 << mantissaBits) + mantissa), exponent - bias - mantissaBits);
		return ((bits & 0x80) != 0) ? -magnitude : magnitude;
	}

}
