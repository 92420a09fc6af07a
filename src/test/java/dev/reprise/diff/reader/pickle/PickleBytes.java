package dev.reprise.diff.reader.pickle;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Writes pickles that no library would.
 */
public final class PickleBytes {

	private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

	public PickleBytes op(int... instructions) {
		for (int instruction : instructions) {
			this.bytes.write(instruction);
		}
		return this;
	}

	public PickleBytes four(int instruction, int number) {
		op(instruction);
		this.bytes.writeBytes(ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN).putInt(number).array());
		return this;
	}

	public PickleBytes eight(int instruction, long number) {
		op(instruction);
		this.bytes.writeBytes(ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).putLong(number).array());
		return this;
	}

	public PickleBytes text(String text) {
		byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
		four('X', utf8.length);
		this.bytes.writeBytes(utf8);
		return this;
	}

	public PickleBytes global(String module, String name) {
		op('c');
		this.bytes.writeBytes((module + "\n" + name + "\n").getBytes(StandardCharsets.UTF_8));
		return this;
	}

	public PickleBytes raw(byte[] more) {
		this.bytes.writeBytes(more);
		return this;
	}

	public byte[] stop() {
		return op('.').unstopped();
	}

	public byte[] unstopped() {
		return this.bytes.toByteArray();
	}

}
