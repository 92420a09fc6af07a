package dev.reprise.artifact.tar;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;

import dev.reprise.artifact.RelativePath;

/**
 * A file of an archive.
 *
 * @param path relative path with {@code /} between its names
 * @param executable whether its owner may execute it
 * @param size bytes, 0 to 2^62
 */
public record TarEntry(String path, boolean executable, long size) {

	/**
	 * The order of the entries: by the bytes of their paths.
	 */
	public static final Comparator<String> ORDER = (a, b) -> Arrays.compareUnsigned(a.getBytes(StandardCharsets.UTF_8),
			b.getBytes(StandardCharsets.UTF_8));

	/**
	 * Largest size that fits the header's own field; larger ones are in a header before
	 * it.
	 */
	private static final long MAX_OCTAL = 077777777777L;

	private static final int NAME = 100;

	static final int BLOCK = 512;

	/**
	 * Checks the path.
	 * @throws IllegalArgumentException naming what is wrong with it
	 */
	public TarEntry {
		RelativePath.check(path);
		if (size < 0 || size > 1L << 62) {
			throw new IllegalArgumentException("the size of " + path + " is no size");
		}
	}

	/**
	 * The only header that an entry has here: POSIX ustar, with what does not fit it in a
	 * pax header before it; no owner, no date.
	 */
	byte[] header() {
		byte[] name = this.path.getBytes(StandardCharsets.UTF_8);
		String more = "";
		if (name.length > NAME) {
			more += pax("path", this.path);
			name = "pax".getBytes(StandardCharsets.US_ASCII);
		}
		if (this.size > MAX_OCTAL) {
			more += pax("size", Long.toString(this.size));
		}
		byte[] own = block(name, this.executable ? 0755 : 0644, Math.min(this.size, MAX_OCTAL), '0');
		if (more.isEmpty()) {
			return own;
		}
		byte[] records = more.getBytes(StandardCharsets.UTF_8);
		byte[] before = block("pax".getBytes(StandardCharsets.US_ASCII), 0644, records.length, 'x');
		byte[] all = new byte[BLOCK + padded(records.length) + BLOCK];
		System.arraycopy(before, 0, all, 0, BLOCK);
		System.arraycopy(records, 0, all, BLOCK, records.length);
		System.arraycopy(own, 0, all, all.length - BLOCK, BLOCK);
		return all;
	}

	/**
	 * A record of a pax header begins with its own length.
	 */
	private static String pax(String key, String value) {
		int rest = (" " + key + "=" + value + "\n").getBytes(StandardCharsets.UTF_8).length;
		int length = rest + 1;
		while (Integer.toString(length).length() + rest != length) {
			length++;
		}
		return length + " " + key + "=" + value + "\n";
	}

	private static byte[] block(byte[] name, int mode, long size, char type) {
		byte[] block = new byte[BLOCK];
		System.arraycopy(name, 0, block, 0, name.length);
		octal(block, 100, 8, mode);
		octal(block, 108, 8, 0);
		octal(block, 116, 8, 0);
		octal(block, 124, 12, size);
		octal(block, 136, 12, 0);
		block[156] = (byte) type;
		byte[] magic = "ustar\00000".getBytes(StandardCharsets.US_ASCII);
		System.arraycopy(magic, 0, block, 257, magic.length);
		Arrays.fill(block, 148, 156, (byte) ' ');
		int sum = 0;
		for (byte each : block) {
			sum += each & 0xff;
		}
		octal(block, 148, 7, sum);
		return block;
	}

	private static void octal(byte[] block, int at, int length, long value) {
		String digits = Long.toOctalString(value);
		byte[] text = ("0".repeat(length - 1 - digits.length()) + digits + '\0').getBytes(StandardCharsets.US_ASCII);
		System.arraycopy(text, 0, block, at, length);
	}

	static int padded(int size) {
		return (size + BLOCK - 1) / BLOCK * BLOCK;
	}

	static int padding(long size) {
		return (int) ((BLOCK - size % BLOCK) % BLOCK);
	}

}
