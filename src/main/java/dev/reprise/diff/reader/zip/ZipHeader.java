package dev.reprise.diff.reader.zip;

import java.util.Arrays;
import java.util.HexFormat;

import dev.reprise.diff.reader.bytes.LittleEndian;

/**
 * What a zip says of an entry beside its name, its sizes, its checksum and its place.
 *
 * @param times when it was written, as the bytes have it
 * @param rest everything else
 */
public record ZipHeader(String times, String rest) {

	private static final int UNIX_TIMES = 0x5455;

	private static final int NTFS_TIMES = 0x000a;

	private static final int WIDE_SIZES = 1;

	static ZipHeader central(byte[] directory, int at, int nameLength, int extraLength) {
		byte[] header = Arrays.copyOfRange(directory, at, at + 46);
		Arrays.fill(header, 12, 28, (byte) 0);
		Arrays.fill(header, 42, 46, (byte) 0);
		int extra = at + 46 + nameLength;
		int comment = extra + extraLength;
		int commentLength = LittleEndian.two(directory, at + 32);
		return of(LittleEndian.four(directory, at + 12), header,
				Arrays.copyOfRange(directory, extra, extra + extraLength),
				Arrays.copyOfRange(directory, comment, comment + commentLength));
	}

	static ZipHeader local(byte[] local, byte[] extra) {
		byte[] header = Arrays.copyOf(local, 30);
		boolean sizesFollow = (LittleEndian.two(local, 6) & 8) != 0;
		// Where they do, those in this header are none, and nobody checks them.
		Arrays.fill(header, 10, sizesFollow ? 14 : 26, (byte) 0);
		return of(LittleEndian.four(local, 10), header, extra, new byte[0]);
	}

	private static ZipHeader of(long time, byte[] header, byte[] extra, byte[] comment) {
		StringBuilder times = new StringBuilder(words(time));
		StringBuilder rest = new StringBuilder(HexFormat.of().formatHex(header)).append(' ');
		int at = 0;
		while (extra.length - at >= 4) {
			int id = LittleEndian.two(extra, at);
			int end = Math.min(extra.length, at + 4 + LittleEndian.two(extra, at + 2));
			String field = HexFormat.of().formatHex(extra, at, end);
			boolean isTime = (id == UNIX_TIMES && end - at <= 17) || (id == NTFS_TIMES && end - at == 36);
			(isTime ? times.append(' ') : rest.append(' ')).append((id == WIDE_SIZES) ? "sizes" : field);
			at = end;
		}
		rest.append(' ').append(HexFormat.of().formatHex(extra, at, extra.length));
		return new ZipHeader(times.toString(), rest + " " + HexFormat.of().formatHex(comment));
	}

	/** Two seconds to a step, and no time zone. */
	private static String words(long time) {
		long date = time >>> 16;
		return String.format(java.util.Locale.ROOT, "%d-%02d-%02d %02d:%02d:%02d", 1980 + (date >>> 9), date >>> 5 & 15,
				date & 31, time >>> 11 & 31, time >>> 5 & 63, (time & 31) * 2);
	}

}
