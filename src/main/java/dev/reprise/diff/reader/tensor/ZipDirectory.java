package dev.reprise.diff.reader.tensor;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;

import dev.reprise.diff.reader.bytes.JobFile;
import dev.reprise.diff.reader.bytes.NotReadException;

/**
 * The central directory of a zip file. The JDK's own reader takes the whole directory
 * into memory, however large it says it is; this one has bounds: entries, bytes of the
 * directory, bytes once unpacked, and how many times larger than packed these may be.
 *
 * @param entries what the directory lists, in its order
 * @see <a href="https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT">APPNOTE</a>
 */
record ZipDirectory(List<Entry> entries) {

	static final int MAX_ENTRIES = 4096;

	static final int MAX_BYTES = 4 * 1024 * 1024;

	static final long MAX_UNPACKED = 16L << 30;

	static final int MAX_RATIO = 100;

	/** Below this many bytes unpacked no ratio is too high: zeros pack well. */
	static final long RATIO_FROM = 16L << 20;

	private static final int END_LENGTH = 22;

	private static final int ENTRY_LENGTH = 46;

	private static final int LOCAL_LENGTH = 30;

	private static final long WIDE = 0xFFFFFFFFL;

	ZipDirectory {
		entries = List.copyOf(entries);
	}

	static boolean begins(byte[] head) {
		return head.length >= 4 && head[0] == 'P' && head[1] == 'K'
				&& ((head[2] == 3 && head[3] == 4) || (head[2] == 5 && head[3] == 6));
	}

	static ZipDirectory read(JobFile file) throws NotReadException {
		int tailLength = (int) Math.min(file.size(), END_LENGTH + 0xFFFF);
		byte[] tail = file.read(file.size() - tailLength, tailLength);
		int end = tail.length - END_LENGTH;
		while (end >= 0 && !(number(tail, end, 4) == 0x06054B50L
				&& number(tail, end + 20, 2) == tail.length - end - END_LENGTH)) {
			end--;
		}
		if (end < 0) {
			throw new NotReadException("it is no whole zip file");
		}
		long count = number(tail, end + 10, 2);
		long bytes = number(tail, end + 12, 4);
		long offset = number(tail, end + 16, 4);
		if (count > MAX_ENTRIES || bytes > MAX_BYTES || offset == WIDE) {
			throw new NotReadException("its directory is larger than what is read here");
		}
		return new ZipDirectory(entries(file, file.read(offset, (int) bytes), (int) count));
	}

	private static List<Entry> entries(JobFile file, byte[] directory, int count) throws NotReadException {
		List<Entry> entries = new ArrayList<>();
		Set<String> names = new HashSet<>();
		long unpacked = 0;
		int at = 0;
		for (int i = 0; i < count; i++) {
			if (directory.length - at < ENTRY_LENGTH || number(directory, at, 4) != 0x02014B50L) {
				throw new NotReadException("its directory is damaged");
			}
			int nameLength = (int) number(directory, at + 28, 2);
			int extraLength = (int) number(directory, at + 30, 2);
			int length = ENTRY_LENGTH + nameLength + extraLength + (int) number(directory, at + 32, 2);
			if (directory.length - at < length) {
				throw new NotReadException("its directory is damaged");
			}
			Entry entry = entry(directory, at, nameLength);
			unpacked += entry.size();
			if (!names.add(entry.name())) {
				throw new NotReadException("two of its entries have one name");
			}
			if (unpacked > MAX_UNPACKED || (unpacked > RATIO_FROM && unpacked / MAX_RATIO > file.size())) {
				throw new NotReadException("it unpacks to more than what is read here");
			}
			entries.add(entry);
			at += length;
		}
		if (at != directory.length) {
			throw new NotReadException("its directory is damaged");
		}
		return entries;
	}

	private static Entry entry(byte[] directory, int at, int nameLength) throws NotReadException {
		String name = new String(directory, at + ENTRY_LENGTH, nameLength, StandardCharsets.UTF_8);
		int method = (int) number(directory, at + 10, 2);
		long packed = number(directory, at + 20, 4);
		long size = number(directory, at + 24, 4);
		long offset = number(directory, at + 42, 4);
		if ((number(directory, at + 8, 2) & 1) != 0 || (method != 0 && method != 8)) {
			throw new NotReadException("an entry is encrypted or packed in a way that is not read here");
		}
		if (packed == WIDE || size == WIDE || offset == WIDE) {
			throw new NotReadException("an entry is larger than what is read here");
		}
		if (method == 0 && packed != size) {
			throw new NotReadException("the size of an entry lies");
		}
		return new Entry(name, method == 8, packed, size, offset);
	}

	private static long number(byte[] bytes, int at, int width) {
		return Elements.bits(bytes, at, width, false);
	}

	/**
	 * One entry.
	 *
	 * @param name its name
	 * @param deflated whether it is packed
	 * @param packed bytes in the file
	 * @param size bytes once unpacked
	 * @param offset of its own header
	 */
	record Entry(String name, boolean deflated, long packed, long size, long offset) {

		/**
		 * Its bytes once unpacked, to be closed; never more than {@link #size}.
		 */
		InputStream open(JobFile file) throws IOException {
			byte[] local = file.read(this.offset, LOCAL_LENGTH);
			if (number(local, 0, 4) != 0x04034B50L) {
				throw new NotReadException("an entry is not where the directory says");
			}
			long data = this.offset + LOCAL_LENGTH + number(local, 26, 2) + number(local, 28, 2);
			InputStream raw = file.stream(data, this.packed);
			return this.deflated ? new Inflated(raw) : raw;
		}

	}

	/**
	 * Ends its inflater when closed, as the JDK's does only for one that it made itself.
	 */
	private static final class Inflated extends InflaterInputStream {

		Inflated(InputStream in) {
			super(in, new Inflater(true), 1 << 16);
		}

		@Override
		public void close() throws IOException {
			super.close();
			this.inf.end();
		}

	}

}
