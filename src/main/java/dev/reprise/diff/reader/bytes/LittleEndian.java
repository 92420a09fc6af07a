package dev.reprise.diff.reader.bytes;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Numbers of a file's headers, least significant byte first.
 */
public final class LittleEndian {

	private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

	private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

	private LittleEndian() {
	}

	/**
	 * Two bytes, 0 to 65,535.
	 */
	public static int two(byte[] bytes, int at) {
		return (bytes[at] & 0xFF) | (bytes[at + 1] & 0xFF) << 8;
	}

	/**
	 * Four bytes, 0 to 4,294,967,295.
	 */
	public static long four(byte[] bytes, int at) {
		return Integer.toUnsignedLong((int) INT.get(bytes, at));
	}

	/**
	 * Eight bytes; negative where the number is too large for a long.
	 */
	public static long eight(byte[] bytes, int at) {
		return (long) LONG.get(bytes, at);
	}

}
