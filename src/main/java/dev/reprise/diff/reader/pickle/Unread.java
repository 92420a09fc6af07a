package dev.reprise.diff.reader.pickle;

import dev.reprise.diff.reader.bytes.NotReadException;
import dev.reprise.diff.reader.bytes.PlainText;

/**
 * Reasons for which a pickle is not read.
 */
final class Unread {

	private static final int MAX_NAME = 200;

	private Unread() {
	}

	static NotReadException global(Value.Global global) {
		return new NotReadException("its pickle asks for " + PlainText.of(global.inFull(), MAX_NAME)
				+ ", which is not among what is read here; nothing of it was run");
	}

	static NotReadException damaged() {
		return new NotReadException("its pickle is damaged");
	}

	static NotReadException odd(String what) {
		return new NotReadException("its pickle " + what + ", which is not read here");
	}

	static NotReadException tooMuch(String what) {
		return new NotReadException("its pickle holds " + what + ", more than what is read here");
	}

}
