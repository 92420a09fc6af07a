package dev.reprise.diff.reader.archive;

/**
 * One file of an archive.
 *
 * @param name as written there
 * @param size bytes
 * @param digest of them
 * @param rest everything else that its header says but when it was written
 * @param time when it was written, as the header has it
 */
record Member(String name, long size, String digest, String rest, String time) {

	/** Longest name that is read, in bytes. */
	static final int MAX_NAME = 4096;

	/** Most members of an archive. */
	static final int MAX_COUNT = 20_000;

	String shown() {
		return this.size + " bytes, " + this.digest.substring(0, 23);
	}

}
