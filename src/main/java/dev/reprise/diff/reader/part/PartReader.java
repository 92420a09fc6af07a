package dev.reprise.diff.reader.part;

import java.io.IOException;

import dev.reprise.diff.reader.bytes.JobFile;

/**
 * A reader of a format: says in which parts two files differ, and what it sets apart.
 */
public interface PartReader {

	/**
	 * Whether a file is of this format.
	 * @param name the file's path in lower case
	 * @param head its first bytes, at most {@link #HEAD}
	 */
	boolean reads(String name, byte[] head);

	/**
	 * Bytes by which a format is told.
	 */
	int HEAD = 1024;

	/**
	 * Compares two files of this format, whose bytes differ. What it does not understand
	 * it compares by bytes or does not read; it never sets it apart.
	 * @throws dev.reprise.diff.reader.bytes.NotReadException if a file is not as the
	 * format wants it, or beyond a bound
	 * @throws IOException if a file is damaged
	 */
	void compare(JobFile left, JobFile right, Findings findings) throws IOException;

}
