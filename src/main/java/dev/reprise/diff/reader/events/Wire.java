package dev.reprise.diff.reader.events;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

import dev.reprise.diff.reader.bytes.NotReadException;

/**
 * The fields of a message as Protocol Buffers write it, one at a time, within a stretch
 * of bytes. Groups, which nothing has written for years, are not read.
 *
 * @see <a href="https://protobuf.dev/programming-guides/encoding/">Encoding</a>
 */
final class Wire {

	static final int VARINT = 0;

	static final int FIXED64 = 1;

	static final int BYTES = 2;

	static final int FIXED32 = 5;

	private final byte[] bytes;

	private final int end;

	private int at;

	private int field;

	private int type;

	private int from;

	private long number;

	Wire(byte[] bytes, int from, int to) {
		this.bytes = bytes;
		this.at = from;
		this.end = to;
	}

	/**
	 * Goes to the next field.
	 * @return whether there is one
	 * @throws NotReadException if what follows is no field
	 */
	boolean next() throws NotReadException {
		if (this.at == this.end) {
			return false;
		}
		long key = varint();
		this.field = (int) (key >>> 3);
		this.type = (int) (key & 7);
		if (key < 0 || key >>> 3 > 0x1FFFFFFF || this.field == 0) {
			throw damaged();
		}
		long length = 0;
		switch (this.type) {
			case VARINT -> {
				this.from = this.at;
				this.number = varint();
				return true;
			}
			case FIXED64 -> length = Long.BYTES;
			case FIXED32 -> length = Integer.BYTES;
			case BYTES -> length = varint();
			default -> throw damaged();
		}
		if (length < 0 || length > this.end - this.at) {
			throw damaged();
		}
		this.from = this.at;
		this.at += (int) length;
		return true;
	}

	private long varint() throws NotReadException {
		long value = 0;
		for (int shift = 0; shift < Long.SIZE; shift += 7) {
			if (this.at == this.end) {
				throw damaged();
			}
			byte one = this.bytes[this.at++];
			value |= (long) (one & 0x7F) << shift;
			if (one >= 0) {
				return value;
			}
		}
		throw damaged();
	}

	private static NotReadException damaged() {
		return new NotReadException("a record of it is no event");
	}

	/**
	 * Whether the field is that one, written in that way.
	 */
	boolean is(int number, int writtenAs) {
		return this.field == number && this.type == writtenAs;
	}

	int field() {
		return this.field;
	}

	/** Where the field's value begins. */
	int from() {
		return this.from;
	}

	/** Behind the field's value. */
	int to() {
		return this.at;
	}

	int length() {
		return this.at - this.from;
	}

	long number() {
		return this.number;
	}

	float float32() {
		return float32(this.bytes, this.from);
	}

	double float64() {
		return float64(this.bytes, this.from);
	}

	static float float32(byte[] bytes, int at) {
		return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getFloat(at);
	}

	static double float64(byte[] bytes, int at) {
		return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getDouble(at);
	}

	/** A text; what is no UTF-8 in it is replaced. */
	String text() {
		return new String(this.bytes, this.from, length(), StandardCharsets.UTF_8);
	}

	/** The message that the field holds. */
	Wire message() {
		return new Wire(this.bytes, this.from, this.at);
	}

}
