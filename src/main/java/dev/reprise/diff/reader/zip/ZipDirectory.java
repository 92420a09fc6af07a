package dev.reprise.diff.reader.zip;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import dev.reprise.diff.reader.bytes.JobFile;
import dev.reprise.diff.reader.bytes.LittleEndian;
import dev.reprise.diff.reader.bytes.NotReadException;

/**
 * The central directory of a zip file. The JDK's own reader takes the whole directory
 * into memory, however large it says it is; this one has bounds: entries, bytes of the
 * directory, bytes once unpacked, and how many times larger than packed these may be. The
 * directory must end where its end record begins, each entry must have the same name and
 * packing in its own header, and no two may share bytes: so all readers of the file see
 * the same entries.
 *
 * @param entries what the directory lists, in its order
 * @see <a href="https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT">APPNOTE</a>
 */
public record ZipDirectory(List<ZipEntry> entries) {

	static final int MAX_ENTRIES = 100_000;

	static final int MAX_BYTES = 16 * 1024 * 1024;

	static final long MAX_UNPACKED = 16L << 30;

	static final int MAX_RATIO = 100;

	/** Below this many bytes unpacked no ratio is too high: zeros pack well. */
	static final long RATIO_FROM = 16L << 20;

	static final long WIDE = 0xFFFFFFFFL;

	private static final int ENTRY_LENGTH = 46;

	public ZipDirectory {
		entries = List.copyOf(entries);
	}

	/**
	 * Whether a file that begins so may be a zip.
	 */
	public static boolean begins(byte[] head) {
		return head.length >= 4 && head[0] == 'P' && head[1] == 'K'
				&& ((head[2] == 3 && head[3] == 4) || (head[2] == 5 && head[3] == 6));
	}

	/**
	 * Reads the directory.
	 * @throws NotReadException if it is beyond a bound or does not hold
	 */
	public static ZipDirectory read(JobFile file) throws NotReadException {
		ZipEnd end = ZipEnd.find(file);
		if (end.count() > MAX_ENTRIES || end.bytes() > MAX_BYTES) {
			throw new NotReadException("its directory is larger than what is read here");
		}
		byte[] directory = file.read(end.offset(), (int) end.bytes());
		List<ZipEntry> entries = entries(file, directory, (int) end.count());
		apart(entries, end.offset());
		return new ZipDirectory(entries);
	}

	private static List<ZipEntry> entries(JobFile file, byte[] directory, int count) throws NotReadException {
		List<ZipEntry> entries = new ArrayList<>();
		Set<String> names = new HashSet<>();
		long unpacked = 0;
		int at = 0;
		for (int i = 0; i < count; i++) {
			if (directory.length - at < ENTRY_LENGTH || LittleEndian.four(directory, at) != 0x02014B50L) {
				throw damaged();
			}
			int nameLength = LittleEndian.two(directory, at + 28);
			int extraLength = LittleEndian.two(directory, at + 30);
			int length = ENTRY_LENGTH + nameLength + extraLength + LittleEndian.two(directory, at + 32);
			if (directory.length - at < length) {
				throw damaged();
			}
			ZipEntry entry = entry(file, directory, at, nameLength, extraLength);
			if (!names.add(entry.name())) {
				throw new NotReadException("two of its entries have one name");
			}
			unpacked += entry.deflated() ? entry.size() : 0;
			if (unpacked > MAX_UNPACKED || (unpacked > RATIO_FROM && unpacked / MAX_RATIO > file.size())) {
				throw new NotReadException("it unpacks to more than what is read here");
			}
			entries.add(entry);
			at += length;
		}
		if (at != directory.length) {
			throw damaged();
		}
		return entries;
	}

	private static ZipEntry entry(JobFile file, byte[] directory, int at, int nameLength, int extraLength)
			throws NotReadException {
		String name = new String(directory, at + ENTRY_LENGTH, nameLength, StandardCharsets.UTF_8);
		int flags = LittleEndian.two(directory, at + 8);
		int method = LittleEndian.two(directory, at + 10);
		if ((flags & 0x41) != 0 || (method != 0 && method != 8)) {
			throw new NotReadException("an entry is encrypted or packed in a way that is not read here");
		}
		long[] wide = { LittleEndian.four(directory, at + 24), LittleEndian.four(directory, at + 20),
				LittleEndian.four(directory, at + 42) };
		widen(wide, directory, at + ENTRY_LENGTH + nameLength, extraLength);
		if (wide[0] < 0 || wide[1] < 0 || wide[2] < 0 || (method == 0 && wide[1] != wide[0]) || wide[1] > file.size()) {
			throw new NotReadException("the size of an entry lies");
		}
		return ZipEntry.of(file, name, method == 8, LittleEndian.four(directory, at + 16), wide,
				ZipHeader.central(directory, at, nameLength, extraLength));
	}

	/**
	 * Sizes of 4 GiB and more stand in an extra field of their own, those that need it in
	 * a fixed order.
	 */
	private static void widen(long[] wide, byte[] directory, int from, int length) throws NotReadException {
		int at = from;
		int end = from + length;
		while (end - at >= 4) {
			int id = LittleEndian.two(directory, at);
			int size = LittleEndian.two(directory, at + 2);
			int field = at + 4;
			at = field + size;
			if (at > end) {
				throw damaged();
			}
			for (int i = 0; id == 1 && i < wide.length; i++) {
				if (wide[i] == WIDE && at - field >= Long.BYTES) {
					wide[i] = LittleEndian.eight(directory, field);
					field += Long.BYTES;
				}
			}
		}
	}

	private static void apart(List<ZipEntry> entries, long directory) throws NotReadException {
		long end = 0;
		List<ZipEntry> placed = new ArrayList<>(entries);
		placed.sort(Comparator.comparingLong(ZipEntry::offset));
		for (ZipEntry entry : placed) {
			if (entry.offset() < end) {
				throw new NotReadException("two of its entries share bytes");
			}
			end = entry.end();
		}
		if (end > directory) {
			throw new NotReadException("an entry reaches into the directory");
		}
	}

	private static NotReadException damaged() {
		return new NotReadException("its directory is damaged");
	}

}
