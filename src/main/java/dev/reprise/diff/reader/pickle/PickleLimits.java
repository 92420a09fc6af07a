package dev.reprise.diff.reader.pickle;

import dev.reprise.diff.reader.bytes.NotReadException;

/**
 * How much a pickle may ask for before it is not read.
 */
final class PickleLimits {

	static final int MAX_INSTRUCTIONS = 10_000_000;

	/**
	 * What is held, in pieces of about 24 bytes: an entry of a container or of the memo
	 * is one, a text three, a list three, a dictionary six.
	 */
	static final int MAX_HELD = 4_000_000;

	static final int MAX_STACK = 1_000_000;

	/** Characters of all texts together, and of one. */
	static final int MAX_TEXT = 32 * 1024 * 1024;

	static final int MAX_NUMBER = 1024;

	static final int MAX_MARKS = 10_000;

	private int instructions;

	private long held;

	private int text;

	void instruction() throws NotReadException {
		if (++this.instructions > MAX_INSTRUCTIONS) {
			throw Unread.tooMuch("over " + MAX_INSTRUCTIONS + " instructions");
		}
	}

	void hold(long pieces) throws NotReadException {
		this.held += pieces;
		if (this.held > MAX_HELD) {
			throw Unread.tooMuch("over " + MAX_HELD + " pieces");
		}
	}

	void text(long bytes) throws NotReadException {
		if (bytes < 0 || bytes > MAX_TEXT - this.text) {
			throw Unread.tooMuch("texts of over " + MAX_TEXT + " bytes");
		}
		this.text += (int) bytes;
	}

}
