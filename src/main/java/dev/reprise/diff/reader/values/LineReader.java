package dev.reprise.diff.reader.values;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;

import dev.reprise.diff.reader.bytes.JobFile;
import dev.reprise.diff.reader.bytes.NotReadException;

import org.jspecify.annotations.Nullable;

/**
 * The lines of a file, one at a time.
 */
final class LineReader {

	/** Longest line that is read, in bytes. */
	static final int MAX_LINE = 1024 * 1024;

	private final InputStream in;

	private boolean ended;

	private boolean whole = true;

	LineReader(JobFile file) throws NotReadException {
		this.in = new BufferedInputStream(file.stream(0, file.size()), 1 << 16);
	}

	/**
	 * The next line without its end, or null behind the last.
	 */
	byte @Nullable [] next() throws IOException {
		if (this.ended) {
			return null;
		}
		ByteArrayOutputStream line = new ByteArrayOutputStream();
		int one = this.in.read();
		while (one >= 0 && one != '\n') {
			if (line.size() == MAX_LINE) {
				throw new NotReadException("a line of it is longer than " + MAX_LINE + " bytes");
			}
			line.write(one);
			one = this.in.read();
		}
		this.ended = one < 0;
		this.whole = !this.ended;
		return (this.ended && line.size() == 0) ? null : line.toByteArray();
	}

	/**
	 * Whether the last line that was given ended with a line feed.
	 */
	boolean whole() {
		return this.whole;
	}

}
