package dev.reprise.diff.reader.archive;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;

import dev.reprise.diff.reader.bytes.JobFile;
import dev.reprise.diff.reader.bytes.NotReadException;

/**
 * How a gzip file begins.
 *
 * @param time when it was packed, in seconds since 1970, 0 where it does not say
 * @param name of what was packed, empty where it does not say
 * @param rest everything else of the header
 * @param length bytes of the header
 * @see <a href="https://www.rfc-editor.org/rfc/rfc1952">RFC 1952</a>
 */
record GzipHeader(long time, String name, String rest, int length) {

	private static final int MAX = 4096;

	private static final int FIXED = 10;

	private static final int HAS_CHECKSUM = 2;

	private static final int HAS_EXTRA = 4;

	private static final int HAS_NAME = 8;

	private static final int HAS_COMMENT = 16;

	static boolean begins(byte[] head) {
		return head.length > FIXED && head[0] == 0x1F && (head[1] & 0xFF) == 0x8B && head[2] == 8;
	}

	static GzipHeader read(JobFile file) throws NotReadException {
		byte[] head = file.read(0, (int) Math.min(MAX, file.size()));
		int flags = head[3] & 0xFF;
		if (!begins(head) || flags > 31 || (flags & HAS_CHECKSUM) != 0) {
			throw new NotReadException("its gzip header is not read here");
		}
		long time = 0;
		for (int i = 0; i < 4; i++) {
			time |= (head[4 + i] & 0xFFL) << (8 * i);
		}
		int at = FIXED;
		if ((flags & HAS_EXTRA) != 0) {
			at = (head.length < at + 2) ? MAX : at + 2 + ((head[at] & 0xFF) | (head[at + 1] & 0xFF) << 8);
		}
		int nameFrom = Math.min(at, head.length);
		int nameTo = nameFrom;
		if ((flags & HAS_NAME) != 0) {
			nameTo = zero(head, at);
			at = nameTo + 1;
		}
		if ((flags & HAS_COMMENT) != 0) {
			at = zero(head, at) + 1;
		}
		if (at >= head.length) {
			throw new NotReadException("its gzip header is longer than what is read here");
		}
		byte[] rest = Arrays.copyOf(head, at);
		Arrays.fill(rest, 4, 8, (byte) 0);
		String around = HexFormat.of().formatHex(rest, 0, nameFrom) + " " + HexFormat.of().formatHex(rest, nameTo, at);
		return new GzipHeader(time, new String(head, nameFrom, nameTo - nameFrom, StandardCharsets.ISO_8859_1), around,
				at);
	}

	private static int zero(byte[] head, int from) {
		int at = from;
		while (at < head.length && head[at] != 0) {
			at++;
		}
		return at;
	}

}
