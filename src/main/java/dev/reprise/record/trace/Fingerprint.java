package dev.reprise.record.trace;

import java.util.Locale;

/**
 * What a column holds in one step: 128 bits of which three values are no fingerprint.
 *
 * @param low its low 64 bits
 * @param high its high 64 bits
 */
public record Fingerprint(long low, long high) {

	/**
	 * Low bits, beside high bits of 0, where nothing of the column was there.
	 */
	public static final long ABSENT = 0;

	/**
	 * Low bits, beside high bits of 0, where it was there and had no bytes.
	 */
	public static final long VACUOUS = 1;

	/**
	 * Low bits, beside high bits of 0, where it was there and could not be fingerprinted.
	 */
	public static final long UNREAD = 2;

	/**
	 * Whether something was there that could not be fingerprinted.
	 */
	public boolean unread() {
		return this.high == 0 && this.low == UNREAD;
	}

	/**
	 * 32 hexadecimal digits, the most significant first, or the word for what is none.
	 */
	@Override
	public String toString() {
		if (this.high == 0 && this.low >= ABSENT && this.low <= UNREAD) {
			return (this.low == ABSENT) ? "absent" : (this.low == VACUOUS) ? "vacuous" : "unread";
		}
		return String.format(Locale.ROOT, "%016x%016x", this.high, this.low);
	}

}
