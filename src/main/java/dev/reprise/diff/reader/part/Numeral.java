package dev.reprise.diff.reader.part;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Locale;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * A number as a text writes it.
 *
 * @param text as it is written, at most {@link #MAX_LENGTH} characters
 * @param integer whether it is written without a point and an exponent
 * @param value the nearest number of 64 bits
 */
public record Numeral(String text, boolean integer, double value) {

	/**
	 * Longest text that is taken for a number.
	 */
	public static final int MAX_LENGTH = 1000;

	private static final Pattern INTEGER = Pattern.compile("[+-]?[0-9]++");

	/** An exponent of nine digits at most is one that a decimal number can have. */
	private static final Pattern DECIMAL = Pattern
		.compile("[+-]?(?:[0-9]++(?:\\.[0-9]*+)?|\\.[0-9]++)(?:[eE][+-]?[0-9]{1,9}+)?");

	/**
	 * The number that a text writes, infinities and not a number as Python writes them;
	 * null where it writes none.
	 */
	public static @Nullable Numeral of(String text) {
		if (text.isEmpty() || text.length() > MAX_LENGTH) {
			return null;
		}
		if (INTEGER.matcher(text).matches()) {
			return new Numeral(text, true, Double.parseDouble(text));
		}
		if (DECIMAL.matcher(text).matches()) {
			return new Numeral(text, false, Double.parseDouble(text));
		}
		return switch (text.toLowerCase(Locale.ROOT)) {
			case "nan" -> new Numeral(text, false, Double.NaN);
			case "inf", "+inf", "infinity", "+infinity" -> new Numeral(text, false, Double.POSITIVE_INFINITY);
			case "-inf", "-infinity" -> new Numeral(text, false, Double.NEGATIVE_INFINITY);
			default -> null;
		};
	}

	/**
	 * Whether both write one value, to the last digit; 0.0 and -0.0 are two.
	 */
	boolean sameValue(Numeral other) {
		if (this.integer && other.integer) {
			return new BigInteger(this.text).equals(new BigInteger(other.text));
		}
		if (Double.compare(this.value, other.value) != 0) {
			return false;
		}
		// Beyond the range and the digits of 64 bits texts can differ that have one
		// value there.
		return (named() || other.named()) ? named() && other.named()
				: new BigDecimal(this.text).compareTo(new BigDecimal(other.text)) == 0;
	}

	private boolean named() {
		return !this.integer && !DECIMAL.matcher(this.text).matches();
	}

}
