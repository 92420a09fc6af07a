package dev.reprise.diff.reader.archive;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;

import dev.reprise.artifact.Digest;
import dev.reprise.diff.reader.bytes.NotReadException;

import org.jspecify.annotations.Nullable;

/**
 * The members of a tar, one at a time, with an account of every byte: what is no content
 * and no time is part of {@link Header#rest}. The library at hand drops what it does not
 * need.
 *
 * @see <a href=
 * "https://pubs.opengroup.org/onlinepubs/9799919799/utilities/pax.html">pax</a>
 */
final class TarStream {

	private static final int BLOCK = 512;

	/** Most bytes of names and extended headers before one member. */
	private static final int MAX_EXTENDED = 64 * 1024;

	/** Most bytes of zeros that end it. */
	private static final long MAX_END = 1L << 20;

	private final InputStream in;

	private long left;

	private int padding;

	private boolean ended;

	private long zeros;

	TarStream(InputStream in) {
		this.in = in;
	}

	/**
	 * What stands before a member's bytes.
	 *
	 * @param name as written
	 * @param size bytes that follow
	 * @param rest everything but name, size and times, as a digest
	 * @param time when it was written
	 */
	record Header(String name, long size, String rest, String time) {
	}

	static boolean begins(byte[] head) {
		return head.length >= BLOCK && new String(head, 257, 5, StandardCharsets.ISO_8859_1).equals("ustar");
	}

	/**
	 * The next member, or null behind the last.
	 * @throws NotReadException if it is damaged, or of a kind that is not read here
	 */
	@Nullable Header next() throws IOException {
		skip();
		ByteArrayOutputStream rest = new ByteArrayOutputStream();
		Pax pax = new Pax();
		String longName = null;
		while (!this.ended) {
			byte[] block = block();
			if (block.length == 0 || isZero(block)) {
				end();
				return null;
			}
			check(block);
			long size = size(block);
			char kind = (char) block[156];
			byte[] plain = blanked(block);
			if (kind != 'x' && kind != 'g' && kind != 'L' && kind != 'K') {
				if ("01234567\0".indexOf(kind) < 0 || (kind >= '1' && kind <= '6' && size > 0)) {
					throw new NotReadException("it has a member of a kind that is not read here");
				}
				String name = (pax.path() != null) ? pax.path() : (longName != null) ? longName : name(block);
				rest.write(plain);
				rest.writeBytes(pax.rest());
				this.left = (pax.size() >= 0) ? pax.size() : size;
				this.padding = (int) (-this.left & (BLOCK - 1));
				String time = Instant.ofEpochSecond(octal(block, 136, 12)).toString();
				return new Header(name, this.left, Digest.of(rest.toByteArray()).value(), pax.times() + time);
			}
			byte[] extended = extended(size);
			if (kind == 'x') {
				pax.read(extended);
				// A name of its own, such as one with a process number in it, is none of
				// the member's.
				Arrays.fill(plain, 0, 100, (byte) 0);
				Arrays.fill(plain, 345, 500, (byte) 0);
			}
			else {
				rest.writeBytes(extended);
				longName = (kind == 'L') ? text(extended, 0, extended.length) : longName;
			}
			rest.write(plain);
		}
		return null;
	}

	private byte[] extended(long size) throws IOException {
		if (size > MAX_EXTENDED) {
			throw new NotReadException("a name or a header of it is larger than " + MAX_EXTENDED + " bytes");
		}
		this.left = size;
		this.padding = (int) (-size & (BLOCK - 1));
		byte[] bytes = new byte[(int) size];
		if (readNBytes(bytes) < bytes.length) {
			throw cutShort();
		}
		skip();
		return bytes;
	}

	private int readNBytes(byte[] into) throws IOException {
		int done = 0;
		int read = read(into, 0, into.length);
		while (read > 0) {
			done += read;
			read = read(into, done, into.length - done);
		}
		return done;
	}

	/**
	 * Bytes of the member, as of a stream; -1 at its end.
	 */
	int read(byte[] into, int from, int length) throws IOException {
		if (this.left == 0) {
			return -1;
		}
		int read = this.in.read(into, from, (int) Math.min(length, this.left));
		if (read < 0) {
			throw cutShort();
		}
		this.left -= read;
		return read;
	}

	private void skip() throws IOException {
		byte[] buffer = new byte[1 << 14];
		while (this.left > 0) {
			read(buffer, 0, buffer.length);
		}
		byte[] fill = this.in.readNBytes(this.padding);
		if (fill.length < this.padding) {
			throw cutShort();
		}
		if (!isZero(fill)) {
			throw new NotReadException("bytes stand between its members");
		}
		this.padding = 0;
	}

	private byte[] block() throws IOException {
		byte[] block = this.in.readNBytes(BLOCK);
		if (block.length > 0 && block.length < BLOCK) {
			throw cutShort();
		}
		return block;
	}

	private void end() throws IOException {
		this.ended = true;
		byte[] block = this.in.readNBytes(BLOCK);
		while (block.length > 0) {
			this.zeros += block.length;
			if (!isZero(block) || this.zeros > MAX_END) {
				throw new NotReadException("bytes follow its end");
			}
			block = this.in.readNBytes(BLOCK);
		}
	}

	/** Bytes of zeros behind the end. */
	long zeros() {
		return this.zeros;
	}

	/**
	 * Size, time and checksum are accounted for elsewhere, but for how they are written.
	 */
	private static byte[] blanked(byte[] block) {
		byte[] plain = block.clone();
		for (int i = 124; i < 156; i++) {
			plain[i] = (plain[i] >= '0' && plain[i] <= '7') ? (byte) '0' : plain[i];
		}
		return plain;
	}

	private static void check(byte[] block) throws NotReadException {
		int sum = 0;
		for (int i = 0; i < BLOCK; i++) {
			sum += (i >= 148 && i < 156) ? ' ' : block[i] & 0xFF;
		}
		if (octal(block, 148, 8) != sum) {
			throw new NotReadException("a header of it does not fit its checksum");
		}
	}

	private static long size(byte[] block) throws NotReadException {
		return octal(block, 124, 12);
	}

	private static long octal(byte[] block, int from, int length) throws NotReadException {
		String digits = text(block, from, length).strip();
		if (!digits.matches("[0-7]{0,12}")) {
			throw new NotReadException("a number of its headers is not read here");
		}
		return digits.isEmpty() ? 0 : Long.parseLong(digits, 8);
	}

	private static String name(byte[] block) {
		String prefix = (block[262] == 0) ? text(block, 345, 155) : "";
		return (prefix.isEmpty() ? "" : prefix + "/") + text(block, 0, 100);
	}

	static String text(byte[] bytes, int from, int length) {
		int to = from;
		while (to < from + length && bytes[to] != 0) {
			to++;
		}
		return new String(bytes, from, to - from, StandardCharsets.UTF_8);
	}

	private static boolean isZero(byte[] block) {
		for (byte one : block) {
			if (one != 0) {
				return false;
			}
		}
		return true;
	}

	private static NotReadException cutShort() {
		return new NotReadException("it is cut short");
	}

}
