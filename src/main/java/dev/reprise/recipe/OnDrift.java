package dev.reprise.recipe;

import java.util.Arrays;
import java.util.Locale;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/**
 * What happens when a program changes a knob that the recipe set.
 */
public enum OnDrift {

	/**
	 * The change is written down and the program goes on.
	 */
	RECORD,

	/**
	 * The harness ends the process.
	 */
	FAIL;

	/**
	 * The name in JSON, in lower case.
	 */
	@JsonValue
	public String wire() {
		return name().toLowerCase(Locale.ROOT);
	}

	/**
	 * The value of a name in JSON.
	 * @throws IllegalArgumentException if there is none, naming those that there are
	 */
	@JsonCreator
	public static OnDrift of(String wire) {
		return Arrays.stream(values())
			.filter((onDrift) -> onDrift.wire().equals(wire))
			.findFirst()
			.orElseThrow(() -> new IllegalArgumentException("onDrift is one of record, fail"));
	}

}
