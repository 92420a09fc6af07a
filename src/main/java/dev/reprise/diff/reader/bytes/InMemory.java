package dev.reprise.diff.reader.bytes;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.util.Arrays;

/**
 * A few bytes that were taken into memory.
 */
public final class InMemory implements Extent {

	private final byte[] bytes;

	public InMemory(byte[] bytes) {
		this.bytes = Arrays.copyOf(bytes, bytes.length);
	}

	@Override
	public long size() {
		return this.bytes.length;
	}

	@Override
	public InputStream open(long from, long length) throws NotReadException {
		Extent.check(this, from, length);
		return new ByteArrayInputStream(this.bytes, (int) from, (int) length);
	}

	/**
	 * Copies a part that lies within.
	 */
	public void copy(int from, byte[] into, int at, int length) {
		System.arraycopy(this.bytes, from, into, at, length);
	}

	@Override
	public boolean direct() {
		return true;
	}

}
