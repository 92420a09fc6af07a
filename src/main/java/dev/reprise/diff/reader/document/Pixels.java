package dev.reprise.diff.reader.document;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;

import dev.reprise.diff.reader.bytes.NotReadException;

import org.jspecify.annotations.Nullable;

/**
 * Compares the pixels of two pictures of one form, a row at a time.
 */
final class Pixels {

	/** Largest row that is read, in bytes once unpacked. */
	static final int MAX_ROW = 4 * 1024 * 1024;

	/** Largest picture that is read, in bytes once unpacked. */
	static final long MAX_UNPACKED = 256L << 20;

	private final int width;

	private final int height;

	private final int rowBytes;

	/** Bytes to the same place of the pixel before, at least one. */
	private final int back;

	private final boolean whole;

	private long different;

	private String first = "";

	private @Nullable String left;

	private @Nullable String right;

	Pixels(byte[] header) throws NotReadException {
		ByteBuffer fields = ByteBuffer.wrap(header);
		this.width = fields.getInt(0);
		this.height = fields.getInt(4);
		int samples = switch (header[9]) {
			case 0, 3 -> 1;
			case 2 -> 3;
			case 4 -> 2;
			case 6 -> 4;
			default -> throw new NotReadException("its kind of colour is not known");
		};
		int depth = header[8];
		if (Integer.bitCount(depth) != 1 || depth > 16 || depth < 1 || this.width <= 0 || this.height <= 0
				|| header[12] != 0) {
			throw new NotReadException((header[12] != 0) ? "it is interlaced" : "its header does not hold");
		}
		long row = ((long) this.width * samples * depth + 7) / 8;
		if (row > MAX_ROW || (row + 1) * this.height > MAX_UNPACKED) {
			throw new NotReadException("it unpacks to more than what is read here");
		}
		this.rowBytes = (int) row;
		this.back = Math.max(1, samples * depth / 8);
		this.whole = depth >= 8;
	}

	/**
	 * Reads both and counts.
	 * @throws NotReadException if one of them does not unpack to its form
	 */
	void compare(InputStream packedLeft, InputStream packedRight) throws IOException {
		Inflater leftInflater = new Inflater();
		Inflater rightInflater = new Inflater();
		try (InputStream a = new InflaterInputStream(packedLeft, leftInflater, 1 << 16);
				InputStream b = new InflaterInputStream(packedRight, rightInflater, 1 << 16)) {
			byte[] above = new byte[this.rowBytes];
			byte[] otherAbove = new byte[this.rowBytes];
			for (int y = 0; y < this.height; y++) {
				above = row(a, above);
				otherAbove = row(b, otherAbove);
				if (!Arrays.equals(above, otherAbove)) {
					count(y, above, otherAbove);
				}
			}
			if (a.read() >= 0 || b.read() >= 0) {
				throw new NotReadException("its picture is longer than its header says");
			}
		}
		finally {
			leftInflater.end();
			rightInflater.end();
		}
	}

	private byte[] row(InputStream in, byte[] above) throws IOException {
		int filter = in.read();
		byte[] row = in.readNBytes(this.rowBytes);
		if (filter < 0 || filter > 4 || row.length < this.rowBytes) {
			throw new NotReadException("its picture is damaged");
		}
		for (int i = 0; i < row.length; i++) {
			int before = (i >= this.back) ? row[i - this.back] & 0xFF : 0;
			int over = above[i] & 0xFF;
			int corner = (i >= this.back) ? above[i - this.back] & 0xFF : 0;
			row[i] += (byte) switch (filter) {
				case 1 -> before;
				case 2 -> over;
				case 3 -> (before + over) / 2;
				case 4 -> nearest(before, over, corner);
				default -> 0;
			};
		}
		return row;
	}

	private static int nearest(int before, int over, int corner) {
		int guess = before + over - corner;
		int a = Math.abs(guess - before);
		int b = Math.abs(guess - over);
		int c = Math.abs(guess - corner);
		return (a <= b && a <= c) ? before : (b <= c) ? over : corner;
	}

	private void count(int y, byte[] a, byte[] b) {
		for (int i = 0; i < a.length; i += this.back) {
			if (!Arrays.equals(a, i, i + this.back, b, i, i + this.back)) {
				this.different++;
				if (this.left == null) {
					this.first = (this.whole ? "column " + i / this.back + ", " : "") + "row " + y;
					this.left = HexFormat.of().formatHex(a, i, i + this.back);
					this.right = HexFormat.of().formatHex(b, i, i + this.back);
				}
			}
		}
	}

	boolean same() {
		return this.different == 0;
	}

	String inWords() {
		return "pixels: " + this.different + " of " + (long) this.height * (this.rowBytes / this.back)
				+ (this.whole ? "" : " bytes") + " differ, first in " + this.first;
	}

	@Nullable String left() {
		return this.left;
	}

	@Nullable String right() {
		return this.right;
	}

}
