package dev.reprise.record.audit;

import java.util.Locale;

/**
 * What is documented of an operator on a GPU, the worst last.
 */
public enum OnGpu {

	/**
	 * In no list of those that are not deterministic.
	 */
	DETERMINISTIC,

	/**
	 * Not deterministic by itself, and so where deterministic algorithms are asked for.
	 */
	HAS_DETERMINISTIC_PATH,

	/**
	 * Draws from a generator, so the seed decides.
	 */
	DRAWS_RANDOM_NUMBERS,

	/**
	 * Deterministic in strict; in warn it warns, and is not.
	 */
	WARNS_ONLY,

	/**
	 * Nothing is documented that decides it.
	 */
	UNKNOWN,

	/**
	 * Raises an error in strict.
	 */
	DOCUMENTED_TO_REFUSE;

	/**
	 * As it is written: {@code documented-to-refuse}.
	 */
	public String wire() {
		return name().toLowerCase(Locale.ROOT).replace('_', '-');
	}

	static OnGpu of(String wire) {
		return valueOf(wire.toUpperCase(Locale.ROOT).replace('-', '_'));
	}

}
