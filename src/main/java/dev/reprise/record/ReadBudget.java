package dev.reprise.record;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * What may be read of one record in all: the bounds for one file would let 256 processes
 * write a gigabyte that all of it has to be kept at once.
 */
final class ReadBudget {

	static final long MAX_JSON_BYTES = 32L * 1024 * 1024;

	static final long MAX_LINES_BYTES = 64L * 1024 * 1024;

	private long json = MAX_JSON_BYTES;

	private long lines = MAX_LINES_BYTES;

	void spend(long bytes, String file) throws UnreadableRecordException {
		if (bytes > this.json) {
			throw new UnreadableRecordException(
					file + " was not read: the record is larger than " + MAX_JSON_BYTES + " bytes in all");
		}
		this.json -= bytes;
	}

	boolean linesSpent() {
		return this.lines <= 0;
	}

	InputStream lines(InputStream in) {
		return new FilterInputStream(in) {
			@Override
			public int read(byte[] buffer, int from, int length) throws IOException {
				if (linesSpent()) {
					return -1;
				}
				int read = super.read(buffer, from, (int) Math.min(length, ReadBudget.this.lines));
				ReadBudget.this.lines -= Math.max(read, 0);
				return read;
			}
		};
	}

}
