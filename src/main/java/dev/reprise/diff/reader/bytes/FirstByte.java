package dev.reprise.diff.reader.bytes;

import java.util.Arrays;

/**
 * Where two files differ first.
 */
public final class FirstByte {

	private static final int BUFFER = 1 << 18;

	private FirstByte() {
	}

	/**
	 * Offset of the first byte that differs; the size of the shorter file where it is the
	 * beginning of the longer one; -1 where the files are equal.
	 * @throws NotReadException if a file cannot be read
	 */
	public static long of(JobFile left, JobFile right) throws NotReadException {
		long common = Math.min(left.size(), right.size());
		byte[] a = new byte[(int) Math.min(BUFFER, common)];
		byte[] b = new byte[a.length];
		for (long at = 0; at < common; at += BUFFER) {
			int length = (int) Math.min(BUFFER, common - at);
			left.read(at, a, 0, length);
			right.read(at, b, 0, length);
			int mismatch = Arrays.mismatch(a, 0, length, b, 0, length);
			if (mismatch >= 0) {
				return at + mismatch;
			}
		}
		return (left.size() == right.size()) ? -1 : common;
	}

}
