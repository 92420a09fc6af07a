package dev.reprise.record.trace;

import java.nio.charset.StandardCharsets;

/**
 * A thing that is watched in each step. Two columns are the same where all three parts
 * are.
 *
 * @param kind what it is of
 * @param name in the program's own words, {@code conv2.weight}; {@code *} where a kind
 * was summed into one column; at most {@value #MAX_NAME} characters, none of them a
 * control character
 * @param algorithm of the fingerprint and its version; empty for a number
 */
public record Column(Kind kind, String name, String algorithm) {

	/**
	 * Longest name, in UTF-16 units.
	 */
	public static final int MAX_NAME = 512;

	static final int MAX_ALGORITHM = 64;

	/**
	 * The name of a column in which all of a kind is summed up.
	 */
	public static final String SUM = "*";

	/**
	 * Whether it is one column for all of its kind.
	 */
	public boolean sum() {
		return this.name.equals(SUM);
	}

	/**
	 * Whether a difference in it is a difference of results.
	 */
	public boolean result() {
		return this.kind.result();
	}

	/**
	 * Whether it holds numbers instead of fingerprints.
	 */
	public boolean number() {
		return this.kind.number();
	}

	/**
	 * What of it goes into a chain where a segment begins.
	 */
	byte[] chained() {
		return (this.kind.word() + '\0' + this.name + '\0' + (number() ? "number" : "fingerprint") + '\0'
				+ this.algorithm + '\n')
			.getBytes(StandardCharsets.UTF_8);
	}

}
