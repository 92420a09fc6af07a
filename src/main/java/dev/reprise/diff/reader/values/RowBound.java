package dev.reprise.diff.reader.values;

import java.io.FilterReader;
import java.io.IOException;
import java.io.Reader;

import dev.reprise.diff.reader.bytes.NotReadException;

/**
 * Ends a row that is too long, which a quote without its end makes of a whole file.
 */
final class RowBound extends FilterReader {

	/** Most characters of a row; what the parser reads ahead counts with it. */
	static final int MAX = 1024 * 1024;

	private int row;

	RowBound(Reader in) {
		super(in);
	}

	/**
	 * A row begins.
	 */
	void next() {
		this.row = 0;
	}

	@Override
	public int read() throws IOException {
		int one = super.read();
		count((one < 0) ? 0 : 1);
		return one;
	}

	@Override
	public int read(char[] into, int from, int length) throws IOException {
		int count = super.read(into, from, length);
		count(Math.max(0, count));
		return count;
	}

	private void count(int read) throws NotReadException {
		this.row += read;
		if (this.row > MAX) {
			throw new NotReadException("a row of it is longer than " + MAX + " characters");
		}
	}

}
