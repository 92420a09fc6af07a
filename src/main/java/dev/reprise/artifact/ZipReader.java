package dev.reprise.artifact;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;

import org.jspecify.annotations.Nullable;

/**
 * Reads a zip by its central directory, one entry at a time. The readers at hand take in
 * the whole directory first, however long it is, and do not tell links from files (the
 * JDK's) or do not check CRCs (Commons Compress).
 */
final class ZipReader {

	private static final int END = 0x06054b50;

	private static final int END_64 = 0x06064b50;

	private static final int LOCATOR_64 = 0x07064b50;

	private static final int CENTRAL = 0x02014b50;

	private static final int LOCAL = 0x04034b50;

	private static final long IN_EXTRA = 0xffffffffL;

	private final FileChannel file;

	private final long directory;

	private final long directoryEnd;

	private final long count;

	private long position;

	private long given;

	/**
	 * Finds the central directory.
	 * @throws BadArchiveException if there is none
	 */
	ZipReader(FileChannel file) throws IOException {
		this.file = file;
		long end = findEnd();
		ByteBuffer record = read(end, 22);
		long entries = Short.toUnsignedLong(record.getShort(10));
		long start = Integer.toUnsignedLong(record.getInt(16));
		if (end >= 20 && read(end - 20, 20).getInt(0) == LOCATOR_64) {
			end = read(end - 20, 20).getLong(8);
			ByteBuffer record64 = read(end, 56);
			check(record64.getInt(0) == END_64);
			entries = record64.getLong(32);
			start = record64.getLong(48);
		}
		this.count = entries;
		this.directory = start;
		this.directoryEnd = end;
		this.position = start;
	}

	/**
	 * How many entries the archive says that it has.
	 */
	long count() {
		return this.count;
	}

	private long findEnd() throws IOException {
		int tail = (int) Math.min(this.file.size(), 22 + 0xffff);
		long from = this.file.size() - tail;
		ByteBuffer bytes = read(from, tail);
		for (int i = tail - 22; i >= 0; i--) {
			// The comment must end with the file, or a comment could hide a second
			// directory.
			if (bytes.getInt(i) == END && i + 22 + Short.toUnsignedInt(bytes.getShort(i + 20)) == tail) {
				return from + i;
			}
		}
		throw BadArchiveException.damaged(new EOFException("no end record"));
	}

	/**
	 * The next entry, or null after the last.
	 */
	@Nullable Entry next() throws IOException {
		if (this.given == this.count) {
			// Otherwise other programs would see entries that are passed over here.
			check(this.position == this.directoryEnd);
			return null;
		}
		ByteBuffer header = read(this.position, 46);
		check(header.getInt(0) == CENTRAL);
		int nameLength = Short.toUnsignedInt(header.getShort(28));
		int extraLength = Short.toUnsignedInt(header.getShort(30));
		ByteBuffer name = read(this.position + 46, nameLength);
		ByteBuffer extra = read(this.position + 46 + nameLength, extraLength);
		this.position += 46 + nameLength + extraLength + Short.toUnsignedInt(header.getShort(32));
		this.given++;
		long[] wide = { Integer.toUnsignedLong(header.getInt(24)), Integer.toUnsignedLong(header.getInt(20)),
				Integer.toUnsignedLong(header.getInt(42)) };
		widen(wide, extra);
		return new Entry(text(name), Short.toUnsignedInt(header.getShort(8)), Short.toUnsignedInt(header.getShort(10)),
				Integer.toUnsignedLong(header.getInt(16)), wide[0], wide[1], wide[2], header.getInt(38) >>> 16);
	}

	private static void widen(long[] wide, ByteBuffer extra) throws BadArchiveException {
		while (extra.remaining() >= 4) {
			int id = Short.toUnsignedInt(extra.getShort());
			int length = Short.toUnsignedInt(extra.getShort());
			check(length <= extra.remaining());
			ByteBuffer field = extra.slice(extra.position(), length).order(ByteOrder.LITTLE_ENDIAN);
			extra.position(extra.position() + length);
			for (int i = 0; id == 1 && i < wide.length; i++) {
				if (wide[i] == IN_EXTRA && field.remaining() >= 8) {
					wide[i] = field.getLong();
					check(wide[i] >= 0);
				}
			}
		}
	}

	private static String text(ByteBuffer name) throws BadArchiveException {
		try {
			return StandardCharsets.UTF_8.newDecoder().decode(name).toString();
		}
		catch (CharacterCodingException ex) {
			throw new BadArchiveException("the archive has a name that is not UTF-8; rename it or pack as tar.gz", ex);
		}
	}

	/**
	 * The bytes of an entry. Reading to the end verifies length and CRC.
	 */
	InputStream open(Entry entry) throws IOException {
		ByteBuffer local = read(entry.offset(), 30);
		check(local.getInt(0) == LOCAL);
		long start = entry.offset() + 30 + Short.toUnsignedInt(local.getShort(26))
				+ Short.toUnsignedInt(local.getShort(28));
		check(start + entry.compressed() <= this.directory);
		InputStream raw = new Slice(start, entry.compressed());
		return new Checked((entry.method() == 0) ? raw : new Inflating(raw), entry);
	}

	private ByteBuffer read(long at, int length) throws IOException {
		check(at >= 0 && at + length <= this.file.size());
		ByteBuffer bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
		while (bytes.hasRemaining()) {
			check(this.file.read(bytes, at + bytes.position()) >= 0);
		}
		return bytes.flip();
	}

	private static void check(boolean holds) throws BadArchiveException {
		if (!holds) {
			throw BadArchiveException.damaged(new IOException("a header does not hold"));
		}
	}

	/**
	 * An entry as the central directory has it.
	 *
	 * @param name as written
	 * @param flags general purpose bits
	 * @param method 0 stored, 8 deflated
	 * @param crc CRC-32 of the bytes
	 * @param size bytes
	 * @param compressed bytes in the archive
	 * @param offset of its local header
	 * @param mode Unix type and permission bits, 0 where it was packed without
	 */
	record Entry(String name, int flags, int method, long crc, long size, long compressed, long offset, int mode) {
	}

	/**
	 * Owns its inflater, which the JDK's own stream leaves to the caller.
	 */
	private static final class Inflating extends InflaterInputStream {

		Inflating(InputStream in) {
			super(in, new Inflater(true), 64 * 1024);
		}

		@Override
		public void close() throws IOException {
			super.close();
			this.inf.end();
		}

	}

	private final class Slice extends InputStream {

		private long at;

		private long left;

		Slice(long at, long length) {
			this.at = at;
			this.left = length;
		}

		@Override
		public int read() throws IOException {
			byte[] one = new byte[1];
			return (read(one, 0, 1) < 0) ? -1 : Byte.toUnsignedInt(one[0]);
		}

		@Override
		public int read(byte[] bytes, int offset, int length) throws IOException {
			if (this.left == 0) {
				return -1;
			}
			int read = ZipReader.this.file.read(ByteBuffer.wrap(bytes, offset, (int) Math.min(length, this.left)),
					this.at);
			if (read > 0) {
				this.at += read;
				this.left -= read;
			}
			return read;
		}

	}

	private static final class Checked extends InputStream {

		private final InputStream in;

		private final Entry entry;

		private final CRC32 crc = new CRC32();

		private long size;

		Checked(InputStream in, Entry entry) {
			this.in = in;
			this.entry = entry;
		}

		@Override
		public int read() throws IOException {
			byte[] one = new byte[1];
			return (read(one, 0, 1) < 0) ? -1 : Byte.toUnsignedInt(one[0]);
		}

		@Override
		public int read(byte[] bytes, int offset, int length) throws IOException {
			int read = this.in.read(bytes, offset, length);
			if (read >= 0) {
				this.crc.update(bytes, offset, read);
				this.size += read;
			}
			boolean tooLong = this.size > this.entry.size();
			boolean wrongAtEnd = read < 0
					&& (this.size != this.entry.size() || this.crc.getValue() != this.entry.crc());
			if (tooLong || wrongAtEnd) {
				throw BadArchiveException.entry(this.entry.name(),
						"its bytes do not have the length or the checksum that the archive gives; pack and send it again");
			}
			return read;
		}

		@Override
		public void close() throws IOException {
			this.in.close();
		}

	}

}
