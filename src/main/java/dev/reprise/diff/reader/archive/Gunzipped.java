package dev.reprise.diff.reader.archive;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.CRC32;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;

import dev.reprise.diff.reader.bytes.JobFile;
import dev.reprise.diff.reader.bytes.NotReadException;

/**
 * What a gzip file holds: never more than a bound, and checked against its length and its
 * checksum when it was read to the end.
 */
final class Gunzipped extends InputStream {

	/** Most bytes once unpacked. */
	static final long MAX_UNPACKED = 16L << 30;

	static final int MAX_RATIO = 200;

	/** Below this many bytes unpacked no ratio is too high: zeros pack well. */
	static final long RATIO_FROM = 16L << 20;

	private static final int TRAILER = 8;

	private final JobFile file;

	private final Inflater inflater = new Inflater(true);

	private final InputStream in;

	private final CRC32 crc = new CRC32();

	private final long from;

	private long count;

	private boolean checked;

	Gunzipped(JobFile file, long from) throws NotReadException {
		this.file = file;
		this.from = from;
		this.in = new InflaterInputStream(
				new BufferedInputStream(file.stream(from, Math.max(0, file.size() - from - TRAILER)), 1 << 16),
				this.inflater, 1 << 16);
	}

	@Override
	public int read() throws IOException {
		byte[] one = new byte[1];
		return (read(one, 0, 1) < 0) ? -1 : one[0] & 0xFF;
	}

	@Override
	public int read(byte[] into, int at, int length) throws IOException {
		int read = this.in.read(into, at, length);
		if (read < 0) {
			check();
			return -1;
		}
		this.crc.update(into, at, read);
		this.count += read;
		if (this.count > MAX_UNPACKED || (this.count > RATIO_FROM && this.count / MAX_RATIO > this.file.size())) {
			throw new NotReadException("it unpacks to more than what is read here");
		}
		return read;
	}

	private void check() throws NotReadException {
		if (this.checked) {
			return;
		}
		long end = this.from + this.inflater.getBytesRead();
		if (end + TRAILER != this.file.size()) {
			throw new NotReadException("it holds more than one part, or bytes follow its end");
		}
		byte[] trailer = this.file.read(end, TRAILER);
		if (number(trailer, 0) != this.crc.getValue() || number(trailer, 4) != (this.count & 0xFFFFFFFFL)) {
			throw new NotReadException("what it holds does not fit its checksum");
		}
		this.checked = true;
	}

	private static long number(byte[] bytes, int at) {
		return (bytes[at] & 0xFFL) | (bytes[at + 1] & 0xFFL) << 8 | (bytes[at + 2] & 0xFFL) << 16
				| (bytes[at + 3] & 0xFFL) << 24;
	}

	@Override
	public void close() throws IOException {
		this.in.close();
		this.inflater.end();
	}

}
