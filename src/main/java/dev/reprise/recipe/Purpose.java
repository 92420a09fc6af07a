package dev.reprise.recipe;

import java.util.Arrays;
import java.util.Locale;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/**
 * What a run is for, which may stand in a spec for the mode that suits it.
 */
public enum Purpose {

	/**
	 * A bug is hunted: every difference between two runs has to mean something.
	 */
	DEBUG(DeterminismMode.STRICT),

	/**
	 * A result is published: others must get the same.
	 */
	PAPER(DeterminismMode.STRICT),

	/**
	 * A model is shipped: deterministic where that can be had, never ended for want of
	 * it.
	 */
	PRODUCTION(DeterminismMode.WARN),

	/**
	 * Ideas are tried: same data and start, at full speed.
	 */
	EXPERIMENT(DeterminismMode.SEEDED);

	private final DeterminismMode mode;

	Purpose(DeterminismMode mode) {
		this.mode = mode;
	}

	/**
	 * The mode that it means.
	 */
	public DeterminismMode mode() {
		return this.mode;
	}

	/**
	 * The name in JSON, in lower case.
	 */
	@JsonValue
	public String wire() {
		return name().toLowerCase(Locale.ROOT);
	}

	/**
	 * The purpose of a name in JSON.
	 * @throws IllegalArgumentException if there is none, naming those that there are
	 */
	@JsonCreator
	public static Purpose of(String wire) {
		return Arrays.stream(values())
			.filter((purpose) -> purpose.wire().equals(wire))
			.findFirst()
			.orElseThrow(() -> new IllegalArgumentException("purpose is one of debug, paper, production, experiment"));
	}

}
