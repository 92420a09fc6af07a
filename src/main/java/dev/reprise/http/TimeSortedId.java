package dev.reprise.http;

import java.security.SecureRandom;
import java.time.Clock;
import java.util.regex.Pattern;

/**
 * Ids that sort by the time they were made: 48 bits of milliseconds and 80 of chance, in
 * 26 digits of base 32 (Crockford's alphabet in lower case, the form known as ULID).
 * Within one process they rise strictly, also within a millisecond and where the clock
 * steps back.
 */
public final class TimeSortedId {

	private static final String ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";

	private static final Pattern FORM = Pattern.compile("[0-7][0-9a-hjkmnp-tv-z]{25}");

	private final SecureRandom random = new SecureRandom();

	private final Clock clock;

	private long lastMillis;

	private long lastCount;

	public TimeSortedId(Clock clock) {
		this.clock = clock;
	}

	/**
	 * Whether a text has the form of an id.
	 */
	public static boolean isId(String text) {
		return text.length() == 26 && FORM.matcher(text).matches();
	}

	/**
	 * The next id.
	 */
	public synchronized String next() {
		long now = this.clock.millis();
		if (now > this.lastMillis) {
			this.lastMillis = now;
			this.lastCount = this.random.nextLong(1L << 39);
		}
		else {
			this.lastCount++;
		}
		StringBuilder id = new StringBuilder(26);
		digits(id, this.lastMillis, 10);
		digits(id, this.lastCount, 8);
		digits(id, this.random.nextLong(1L << 40), 8);
		return id.toString();
	}

	private static void digits(StringBuilder id, long value, int count) {
		for (int i = count - 1; i >= 0; i--) {
			id.append(ALPHABET.charAt((int) (value >>> (5 * i)) & 31));
		}
	}

}
