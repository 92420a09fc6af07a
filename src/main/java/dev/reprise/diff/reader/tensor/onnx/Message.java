package dev.reprise.diff.reader.tensor.onnx;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

import dev.reprise.diff.reader.bytes.NotReadException;
import dev.reprise.diff.reader.bytes.Stretch;

import org.jspecify.annotations.Nullable;

/**
 * The fields of one protobuf message, one after the other. What is long stays in the
 * file.
 *
 * @see <a href="https://protobuf.dev/programming-guides/encoding/">encoding</a>
 */
final class Message {

	private static final int WINDOW = 1 << 16;

	private final Stretch whole;

	private byte[] window = new byte[0];

	private long windowAt;

	private long at;

	Message(Stretch whole) {
		this.whole = whole;
	}

	/**
	 * A field.
	 *
	 * @param number its number
	 * @param type of its encoding: 0 a number, 1 eight bytes, 2 bytes, 5 four bytes
	 * @param value of a number
	 * @param bytes the others
	 */
	record Field(int number, int type, long value, Stretch bytes) {

		String text(int max) throws IOException {
			want(2);
			return new String(this.bytes.bytes(max, "a name"), StandardCharsets.UTF_8);
		}

		Message message() throws NotReadException {
			want(2);
			return new Message(this.bytes);
		}

		Field want(int wanted) throws NotReadException {
			if (this.type != wanted) {
				throw damaged();
			}
			return this;
		}

	}

	/**
	 * The next field; null after the last.
	 */
	@Nullable Field next() throws IOException {
		if (this.at == this.whole.size()) {
			return null;
		}
		long key = number();
		int type = (int) (key & 7);
		int number = (int) (key >>> 3);
		if (number <= 0 || key >>> 32 != 0) {
			throw damaged();
		}
		long start = this.at;
		long value = switch (type) {
			case 0 -> number();
			case 2 -> number();
			default -> 0;
		};
		long length = switch (type) {
			case 0 -> this.at - start;
			case 1 -> Long.BYTES;
			case 2 -> value;
			case 5 -> Integer.BYTES;
			default -> throw damaged();
		};
		long from = (type == 0) ? start : this.at;
		if (length < 0 || length > this.whole.size() - from) {
			throw damaged();
		}
		this.at = from + length;
		return new Field(number, type, value, Stretch.of(this.whole.file(), this.whole.position() + from, length));
	}

	boolean ended() {
		return this.at == this.whole.size();
	}

	/**
	 * A number of one to ten bytes.
	 */
	long number() throws IOException {
		long number = 0;
		for (int shift = 0; shift < Long.SIZE; shift += 7) {
			int next = one();
			number |= (long) (next & 0x7F) << shift;
			if ((next & 0x80) == 0) {
				return number;
			}
		}
		throw damaged();
	}

	private int one() throws IOException {
		if (this.at >= this.whole.size()) {
			throw damaged();
		}
		if (this.at < this.windowAt || this.at >= this.windowAt + this.window.length) {
			int length = (int) Math.min(WINDOW, this.whole.size() - this.at);
			try (InputStream in = this.whole.open(this.at, length)) {
				this.window = in.readNBytes(length);
			}
			this.windowAt = this.at;
		}
		return this.window[(int) (this.at++ - this.windowAt)];
	}

	static NotReadException damaged() {
		return new NotReadException("it is no whole ONNX model");
	}

}
