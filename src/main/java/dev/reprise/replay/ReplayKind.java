package dev.reprise.replay;

import com.fasterxml.jackson.annotation.JsonValue;

/**
 * What the run of a replay is there for.
 */
enum ReplayKind {

	/**
	 * To be judged.
	 */
	REPLAY("replay"),

	/**
	 * To show that the check of the others can fail: one bit of it was flipped.
	 */
	CONTROL("control");

	private final String word;

	ReplayKind(String word) {
		this.word = word;
	}

	@JsonValue
	String word() {
		return this.word;
	}

	static ReplayKind of(String word) {
		return word.equals(CONTROL.word) ? CONTROL : REPLAY;
	}

}
