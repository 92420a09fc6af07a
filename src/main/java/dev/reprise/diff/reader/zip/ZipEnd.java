package dev.reprise.diff.reader.zip;

import dev.reprise.diff.reader.bytes.JobFile;
import dev.reprise.diff.reader.bytes.LittleEndian;
import dev.reprise.diff.reader.bytes.NotReadException;

/**
 * The record that ends a zip file, and the one for large files before it.
 *
 * @param count entries in the directory
 * @param bytes of the directory
 * @param offset of the directory
 */
record ZipEnd(long count, long bytes, long offset) {

	private static final int LENGTH = 22;

	private static final int LOCATOR_64 = 20;

	private static final int LENGTH_64 = 56;

	static ZipEnd find(JobFile file) throws NotReadException {
		int tailLength = (int) Math.min(file.size(), LENGTH + 0xFFFF);
		long from = file.size() - tailLength;
		byte[] tail = file.read(from, tailLength);
		int at = tail.length - LENGTH;
		// The comment must end with the file, or it could hide a second directory.
		while (at >= 0 && !(LittleEndian.four(tail, at) == 0x06054B50L
				&& LittleEndian.two(tail, at + 20) == tail.length - at - LENGTH)) {
			at--;
		}
		if (at < 0) {
			throw new NotReadException("it is no whole zip file: the directory that ends one is not there");
		}
		ZipEnd end = new ZipEnd(LittleEndian.two(tail, at + 10), LittleEndian.four(tail, at + 12),
				LittleEndian.four(tail, at + 16));
		long ends = from + at;
		if (ends >= LOCATOR_64) {
			byte[] locator = file.read(ends - LOCATOR_64, LOCATOR_64);
			if (LittleEndian.four(locator, 0) == 0x07064B50L) {
				ends = LittleEndian.eight(locator, 8);
				end = wide(file, ends);
			}
		}
		if (end.count() < 0 || end.bytes() < 0 || end.offset() < 0 || end.bytes() > ends
				|| end.offset() != ends - end.bytes()) {
			throw new NotReadException("its directory is not where its end says");
		}
		return end;
	}

	private static ZipEnd wide(JobFile file, long at) throws NotReadException {
		byte[] record = file.read(at, LENGTH_64);
		if (LittleEndian.four(record, 0) != 0x06064B50L) {
			throw new NotReadException("its directory is not where its end says");
		}
		return new ZipEnd(LittleEndian.eight(record, 32), LittleEndian.eight(record, 40),
				LittleEndian.eight(record, 48));
	}

}
