package dev.reprise.diff.engine.names;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

import org.jspecify.annotations.Nullable;

/**
 * Reads times as they are written in names.
 */
final class Written {

	private static final String MONTHS = "JanFebMarAprMayJunJulAugSepOctNovDec";

	private static final long NANOS = 1_000_000_000L;

	private Written() {
	}

	/**
	 * A date and a time of day, in nanoseconds of a clock that shows UTC; null where they
	 * are none or not in the run's time.
	 * @param digits year, month, day, hour, minute and, if they are written, second and
	 * its fraction
	 */
	static @Nullable Long dateTime(String digits, RunFacts run) {
		try {
			boolean seconds = digits.length() > 12;
			LocalDateTime at = LocalDateTime.of(number(digits, 0, 4), number(digits, 4, 6), number(digits, 6, 8),
					number(digits, 8, 10), number(digits, 10, 12), seconds ? number(digits, 12, 14) : 0);
			LocalDateTime until = at.plus(1, seconds ? ChronoUnit.SECONDS : ChronoUnit.MINUTES);
			return run.ranWithin(at, until) ? nanos(at) + (seconds ? fraction(digits.substring(14)) : 0) : null;
		}
		catch (DateTimeException ex) {
			return null;
		}
	}

	/**
	 * A day.
	 * @param digits year, month and day
	 */
	static @Nullable Long date(String digits, RunFacts run) {
		try {
			LocalDateTime at = LocalDate.of(number(digits, 0, 4), number(digits, 4, 6), number(digits, 6, 8))
				.atStartOfDay();
			return run.ranWithin(at, at.plusDays(1)) ? nanos(at) : null;
		}
		catch (DateTimeException ex) {
			return null;
		}
	}

	/**
	 * A day and a time without the year: that of the run's start or of its end.
	 * @param month its first three letters in English
	 * @param digits day, hour, minute and second
	 */
	static @Nullable Long monthAndDay(String month, String digits, RunFacts run) {
		if (run.start() == null || run.end() == null) {
			return null;
		}
		String number = String.format(Locale.ROOT, "%02d", MONTHS.indexOf(month) / 3 + 1);
		for (Instant near : new Instant[] { run.start().minus(Duration.ofDays(1)),
				run.end().plus(Duration.ofDays(1)) }) {
			Long at = dateTime(near.atZone(ZoneOffset.UTC).getYear() + number + digits, run);
			if (at != null) {
				return at;
			}
		}
		return null;
	}

	/**
	 * Seconds, milliseconds, microseconds or nanoseconds since 1970, by how many digits
	 * they have.
	 */
	static @Nullable Long sinceEpoch(String digits, @Nullable String fraction, RunFacts run) {
		long unit = switch (digits.length()) {
			case 10 -> NANOS;
			case 13 -> 1_000_000;
			case 16 -> 1_000;
			case 19 -> 1;
			default -> 0;
		};
		try {
			long at = Math.multiplyExact(Long.parseLong(digits), unit);
			Instant from = Instant.ofEpochSecond(at / NANOS, at % NANOS);
			if (unit == 0 || !run.ranWithin(from, from.plusSeconds(1))) {
				return null;
			}
			return at + ((fraction != null) ? fraction(fraction) : 0);
		}
		catch (ArithmeticException | NumberFormatException ex) {
			return null;
		}
	}

	private static long fraction(String digits) {
		return Long.parseLong((digits + "000000000").substring(0, 9));
	}

	private static int number(String digits, int from, int to) {
		return Integer.parseInt(digits, from, to, 10);
	}

	private static long nanos(LocalDateTime at) {
		return at.toEpochSecond(ZoneOffset.UTC) * NANOS;
	}

}
