package dev.reprise.diff.reader.zip;

import java.io.IOException;
import java.io.InputStream;
import java.util.zip.CRC32;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;

import dev.reprise.diff.reader.bytes.NotReadException;

/**
 * A part of a packed entry. Where the part ends with the entry, so must what is packed,
 * and with the checksum that the directory gives.
 */
final class Inflated extends InputStream {

	private final Inflater inflater = new Inflater(true);

	private final InputStream in;

	private final CRC32 crc = new CRC32();

	private final long expected;

	private final boolean toTheEnd;

	private long left;

	private boolean checked;

	Inflated(ZipEntry entry, long from, long length) throws IOException {
		this.in = new InflaterInputStream(entry.packed().open(), this.inflater, 1 << 16);
		this.expected = entry.crc();
		this.toTheEnd = from + length == entry.size();
		this.left = length;
		try {
			skip(from, new byte[(int) Math.min(from, 1 << 16)]);
		}
		catch (IOException ex) {
			this.inflater.end();
			throw ex;
		}
	}

	private void skip(long bytes, byte[] buffer) throws IOException {
		long more = bytes;
		while (more > 0) {
			int read = this.in.read(buffer, 0, (int) Math.min(more, buffer.length));
			if (read < 0) {
				throw new NotReadException("an entry is shorter than the directory says");
			}
			this.crc.update(buffer, 0, read);
			more -= read;
		}
	}

	@Override
	public int read() throws IOException {
		byte[] one = new byte[1];
		return (read(one, 0, 1) < 0) ? -1 : one[0] & 0xFF;
	}

	@Override
	public int read(byte[] into, int from, int length) throws IOException {
		if (length == 0) {
			return 0;
		}
		if (this.left == 0) {
			check();
			return -1;
		}
		int read = this.in.read(into, from, (int) Math.min(length, this.left));
		if (read < 0) {
			throw new NotReadException("an entry is shorter than the directory says");
		}
		this.crc.update(into, from, read);
		this.left -= read;
		return read;
	}

	private void check() throws IOException {
		if (this.toTheEnd && !this.checked) {
			if (this.in.read() >= 0) {
				throw new NotReadException("an entry is longer than the directory says");
			}
			if (this.crc.getValue() != this.expected) {
				throw new NotReadException("an entry does not have the checksum that the directory gives");
			}
			this.checked = true;
		}
	}

	@Override
	public void close() throws IOException {
		this.in.close();
		this.inflater.end();
	}

}
