package dev.reprise.recipe;

import java.util.Arrays;
import java.util.Locale;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/**
 * How much of the recipe a run asks for; each mode sets what the one before it sets, and
 * more.
 */
public enum DeterminismMode {

	/**
	 * Sets nothing, and records all the same.
	 */
	OFF,

	/**
	 * Seeds every generator and pins the process environment.
	 */
	SEEDED,

	/**
	 * Also selects deterministic algorithms, and warns where there is none.
	 */
	WARN,

	/**
	 * Also fails a run that uses an operation without a deterministic algorithm.
	 */
	STRICT;

	/**
	 * Whether this mode sets the knobs of a level.
	 */
	public boolean sets(Knob.Level level) {
		return compareTo(level.from()) >= 0;
	}

	/**
	 * The name in JSON, in lower case.
	 */
	@JsonValue
	public String wire() {
		return name().toLowerCase(Locale.ROOT);
	}

	/**
	 * The mode of a name in JSON.
	 * @throws IllegalArgumentException if there is none, naming those that there are
	 */
	@JsonCreator
	public static DeterminismMode of(String wire) {
		return Arrays.stream(values())
			.filter((mode) -> mode.wire().equals(wire))
			.findFirst()
			.orElseThrow(() -> new IllegalArgumentException("determinism is one of off, seeded, warn, strict"));
	}

}
