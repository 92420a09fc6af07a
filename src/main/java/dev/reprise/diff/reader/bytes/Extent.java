package dev.reprise.diff.reader.bytes;

import java.io.IOException;
import java.io.InputStream;

/**
 * Bytes of a job's file: a stretch of it, or what is unpacked from one.
 */
public interface Extent {

	/**
	 * How many bytes.
	 */
	long size();

	/**
	 * A stream over a part, to be closed. It ends with the part.
	 * @throws NotReadException if the part does not lie within
	 */
	InputStream open(long from, long length) throws IOException;

	/**
	 * Whether a part can be had without reading what lies before it.
	 */
	boolean direct();

	/**
	 * A part as an extent of its own.
	 * @throws NotReadException if it does not lie within
	 */
	default Extent part(long from, long length) throws NotReadException {
		check(this, from, length);
		return (from == 0 && length == size()) ? this : new Part(this, from, length);
	}

	/**
	 * A stream over all of it, to be closed.
	 */
	default InputStream open() throws IOException {
		return open(0, size());
	}

	/**
	 * All of it.
	 * @param max most bytes that are taken into memory
	 * @param what to call it where it is larger
	 * @throws NotReadException if it is larger, or ends before its size says
	 */
	default byte[] bytes(int max, String what) throws IOException {
		if (size() > max) {
			throw new NotReadException(what + " is larger than " + max + " bytes");
		}
		try (InputStream in = open()) {
			byte[] bytes = in.readNBytes((int) size());
			if (bytes.length < size() || in.read() >= 0) {
				throw new NotReadException(what + " does not have the size that is given");
			}
			return bytes;
		}
	}

	/**
	 * Checks that a part lies within.
	 * @throws NotReadException if it does not
	 */
	static void check(Extent extent, long from, long length) throws NotReadException {
		if (from < 0 || length < 0 || from > extent.size() || length > extent.size() - from) {
			throw new NotReadException("it points behind its own end");
		}
	}

	/**
	 * A part of another extent.
	 *
	 * @param whole what it is a part of
	 * @param from first byte there
	 * @param size bytes
	 */
	record Part(Extent whole, long from, long size) implements Extent {

		@Override
		public InputStream open(long from, long length) throws IOException {
			Extent.check(this, from, length);
			return this.whole.open(this.from + from, length);
		}

		@Override
		public boolean direct() {
			return this.whole.direct();
		}

	}

}
