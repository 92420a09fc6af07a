package dev.reprise.diff.reader.tensor;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * The bits of elements in an array of bytes.
 */
final class Elements {

	private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

	private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

	private static final VarHandle SHORT = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);

	private Elements() {
	}

	/**
	 * The bits of one part of an element, without a sign.
	 */
	static long bits(byte[] bytes, int at, int width, boolean bigEndian) {
		return switch (width) {
			case Long.BYTES -> {
				long bits = (long) LONG.get(bytes, at);
				yield bigEndian ? Long.reverseBytes(bits) : bits;
			}
			case Integer.BYTES -> {
				int bits = (int) INT.get(bytes, at);
				yield Integer.toUnsignedLong(bigEndian ? Integer.reverseBytes(bits) : bits);
			}
			case Short.BYTES -> {
				short bits = (short) SHORT.get(bytes, at);
				yield Short.toUnsignedLong(bigEndian ? Short.reverseBytes(bits) : bits);
			}
			default -> Byte.toUnsignedLong(bytes[at]);
		};
	}

}
