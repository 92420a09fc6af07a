package dev.reprise.record;

import java.util.Locale;

import com.fasterxml.jackson.annotation.JsonValue;

/**
 * Whether an item of the checklist held.
 */
public enum Held {

	/**
	 * Every knob of it was read back as requested, at the start and at the end, in every
	 * process, and nothing changed it in between.
	 */
	YES,

	/**
	 * Something was read that shows that it did not.
	 */
	NO,

	/**
	 * There is nothing to hold: the mode does not set it, or what it is about was not
	 * there.
	 */
	NOT_APPLICABLE,

	/**
	 * It cannot be told.
	 */
	NOT_AVAILABLE;

	/**
	 * The name in JSON, such as {@code not-applicable}.
	 */
	@JsonValue
	public String wire() {
		return name().toLowerCase(Locale.ROOT).replace('_', '-');
	}

}
