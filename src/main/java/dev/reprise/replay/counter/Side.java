package dev.reprise.replay.counter;

import java.util.Locale;

import com.fasterxml.jackson.annotation.JsonValue;

/**
 * One of the two runs of a diff.
 */
enum Side {

	LEFT, RIGHT;

	@JsonValue
	String word() {
		return name().toLowerCase(Locale.ROOT);
	}

}
