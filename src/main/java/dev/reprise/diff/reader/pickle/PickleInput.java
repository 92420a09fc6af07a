package dev.reprise.diff.reader.pickle;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

import dev.reprise.diff.reader.bytes.Extent;
import dev.reprise.diff.reader.bytes.LittleEndian;
import dev.reprise.diff.reader.bytes.NotReadException;

/**
 * The bytes of one or several pickles, one after another, a window of them in memory.
 * What is long and wanted later is passed over and left where it is.
 */
public final class PickleInput {

	private static final int WINDOW = 1 << 16;

	private static final int MAX_LINE = 4096;

	private final Extent extent;

	private byte[] window = new byte[0];

	private int at;

	/** Where the window ends in the extent. */
	private long end;

	/**
	 * Begins at the first byte.
	 * @param extent one whose parts can be had directly
	 */
	public PickleInput(Extent extent) {
		this.extent = extent;
	}

	/**
	 * Where the next byte is.
	 */
	public long position() {
		return this.end - (this.window.length - this.at);
	}

	int one() throws IOException {
		want(1);
		return this.window[this.at++] & 0xFF;
	}

	int two() throws IOException {
		want(2);
		this.at += 2;
		return LittleEndian.two(this.window, this.at - 2);
	}

	long four() throws IOException {
		want(4);
		this.at += 4;
		return LittleEndian.four(this.window, this.at - 4);
	}

	long eight() throws IOException {
		want(8);
		this.at += 8;
		return LittleEndian.eight(this.window, this.at - 8);
	}

	byte[] bytes(long length) throws IOException {
		long from = position();
		Extent.check(this.extent, from, length);
		if (length <= this.window.length - this.at) {
			byte[] bytes = new byte[(int) length];
			System.arraycopy(this.window, this.at, bytes, 0, bytes.length);
			this.at += bytes.length;
			return bytes;
		}
		byte[] bytes = this.extent.part(from, length).bytes(PickleLimits.MAX_TEXT, "a text in its pickle");
		seek(from + length);
		return bytes;
	}

	/**
	 * Passes over bytes.
	 */
	Extent skip(long length) throws IOException {
		long from = position();
		Extent part = this.extent.part(from, length);
		seek(from + length);
		return part;
	}

	/**
	 * Text in UTF-8. The quick way puts a mark in place of what is none, which must not
	 * make two texts alike.
	 */
	String text(byte[] bytes) throws IOException {
		String text = new String(bytes, StandardCharsets.UTF_8);
		if (text.indexOf('\uFFFD') >= 0 && !Arrays.equals(text.getBytes(StandardCharsets.UTF_8), bytes)) {
			throw Unread.odd("has a text that is not UTF-8");
		}
		return text;
	}

	/**
	 * Text to the end of the line.
	 */
	String line() throws IOException {
		StringBuilder line = new StringBuilder();
		while (true) {
			int next = one();
			if (next == '\n') {
				return text(line.toString().getBytes(StandardCharsets.ISO_8859_1));
			}
			if (line.length() == MAX_LINE) {
				throw Unread.tooMuch("a line of over " + MAX_LINE + " bytes");
			}
			line.append((char) next);
		}
	}

	private void seek(long position) {
		long start = this.end - this.window.length;
		if (position >= start && position <= this.end) {
			this.at = (int) (position - start);
		}
		else {
			this.window = new byte[0];
			this.at = 0;
			this.end = position;
		}
	}

	private void want(int count) throws IOException {
		if (this.window.length - this.at >= count) {
			return;
		}
		long from = position();
		int length = (int) Math.min(WINDOW, this.extent.size() - from);
		if (length < count) {
			throw new NotReadException("its pickle ends before its last instruction");
		}
		try (InputStream in = this.extent.open(from, length)) {
			this.window = in.readNBytes(length);
		}
		if (this.window.length < length) {
			throw Unread.damaged();
		}
		this.at = 0;
		this.end = from + length;
	}

}
