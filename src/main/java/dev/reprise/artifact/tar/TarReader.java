package dev.reprise.artifact.tar;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

import dev.reprise.artifact.Bounds;
import org.jspecify.annotations.Nullable;

/**
 * Reads an archive as {@link TarWriter} writes it, and refuses every other, be it
 * different in one byte of a header or of what lies between the files. Nothing in it is
 * packed, so that it holds no more than its own length.
 */
public final class TarReader {

	/**
	 * More than any header before an entry takes.
	 */
	private static final int MAX_PAX = 4096;

	private final InputStream in;

	private final Bounds bounds;

	private @Nullable Content content;

	private String where = "the first header";

	private int entries;

	private long bytes;

	/**
	 * Makes a reader.
	 * @param bounds the most that is read
	 */
	public TarReader(InputStream in, Bounds bounds) {
		this.in = in;
		this.bounds = bounds;
	}

	/**
	 * Goes to the next file; what was not read of the one before is passed over.
	 * @return null at the end
	 * @throws BadTarException saying where the archive is not as it should be
	 */
	public @Nullable TarEntry next() throws IOException {
		finish();
		byte[] header = block();
		if (isZero(header)) {
			end();
			return null;
		}
		TarEntry entry = entry(header);
		if (++this.entries > this.bounds.entries()) {
			throw new BadTarException("the archive has more than " + this.bounds.entries() + " files");
		}
		this.bytes += entry.size();
		if (entry.size() > this.bounds.fileBytes() || this.bytes > this.bounds.totalBytes()
				|| this.bytes < entry.size()) {
			throw new BadTarException(entry.path() + " has " + entry.size() + " bytes; at most "
					+ this.bounds.fileBytes() + " are read of a file, " + this.bounds.totalBytes() + " of all");
		}
		this.content = new Content(entry);
		this.where = "what comes after " + entry.path();
		return entry;
	}

	/**
	 * The bytes of the file that {@link #next()} went to.
	 */
	public InputStream content() {
		Content open = this.content;
		if (open == null) {
			throw new IllegalStateException("there is no file");
		}
		return open;
	}

	private TarEntry entry(byte[] first) throws IOException {
		byte[] read = first;
		String path = name(first);
		long size = number(first, 124, 12);
		byte[] own = first;
		if (first[156] == 'x') {
			if (size > MAX_PAX) {
				throw bad();
			}
			byte[] records = new byte[TarEntry.padded((int) size)];
			fill(records);
			own = block();
			path = name(own);
			size = number(own, 124, 12);
			for (String line : new String(records, StandardCharsets.UTF_8).split("\n", -1)) {
				int key = line.indexOf(' ') + 1;
				if (line.startsWith("path=", key)) {
					path = line.substring(key + 5);
				}
				else if (line.startsWith("size=", key)) {
					size = decimal(line.substring(key + 5));
				}
			}
			read = Arrays.copyOf(first, 2 * TarEntry.BLOCK + records.length);
			System.arraycopy(records, 0, read, TarEntry.BLOCK, records.length);
			System.arraycopy(own, 0, read, TarEntry.BLOCK + records.length, TarEntry.BLOCK);
		}
		try {
			TarEntry entry = new TarEntry(path, (number(own, 100, 8) & 0100) != 0, size);
			if (Arrays.equals(entry.header(), read)) {
				return entry;
			}
		}
		catch (IllegalArgumentException ex) {
			throw new BadTarException(this.where + ": " + ex.getMessage());
		}
		throw bad();
	}

	private long decimal(String text) throws BadTarException {
		try {
			return Long.parseLong(text);
		}
		catch (NumberFormatException ex) {
			throw bad();
		}
	}

	private static String name(byte[] block) {
		int length = 0;
		while (length < 100 && block[length] != 0) {
			length++;
		}
		return new String(block, 0, length, StandardCharsets.UTF_8);
	}

	private long number(byte[] block, int at, int length) throws BadTarException {
		long number = 0;
		for (int i = at; i < at + length - 1; i++) {
			if (block[i] < '0' || block[i] > '7') {
				throw bad();
			}
			number = number * 8 + block[i] - '0';
		}
		return number;
	}

	private void finish() throws IOException {
		Content open = this.content;
		if (open == null) {
			return;
		}
		open.skipRest();
		byte[] padding = new byte[TarEntry.padding(open.entry.size())];
		fill(padding);
		if (!isZero(padding)) {
			throw new BadTarException(this.where + ": there is something where nothing should be");
		}
		this.content = null;
	}

	private void end() throws IOException {
		if (!isZero(block()) || this.in.read() >= 0) {
			throw new BadTarException("there is something after the end of the archive");
		}
	}

	private byte[] block() throws IOException {
		byte[] block = new byte[TarEntry.BLOCK];
		fill(block);
		return block;
	}

	private void fill(byte[] bytes) throws IOException {
		if (this.in.readNBytes(bytes, 0, bytes.length) < bytes.length) {
			throw new BadTarException(this.where + ": the archive ends too early");
		}
	}

	private static boolean isZero(byte[] bytes) {
		for (byte each : bytes) {
			if (each != 0) {
				return false;
			}
		}
		return true;
	}

	private BadTarException bad() {
		return new BadTarException(this.where + ": this is no header that ./reprise export writes");
	}

	private final class Content extends InputStream {

		private final TarEntry entry;

		private long left;

		Content(TarEntry entry) {
			this.entry = entry;
			this.left = entry.size();
		}

		@Override
		public int read() throws IOException {
			byte[] one = new byte[1];
			return (read(one, 0, 1) < 0) ? -1 : one[0] & 0xff;
		}

		@Override
		public int read(byte[] bytes, int offset, int length) throws IOException {
			if (this.left == 0) {
				return -1;
			}
			int read = TarReader.this.in.read(bytes, offset, (int) Math.min(length, this.left));
			if (read < 0) {
				throw new BadTarException(this.entry.path() + ": the archive ends too early");
			}
			this.left -= read;
			return read;
		}

		void skipRest() throws IOException {
			byte[] buffer = new byte[64 * 1024];
			while (this.left > 0) {
				read(buffer, 0, buffer.length);
			}
		}

	}

}
