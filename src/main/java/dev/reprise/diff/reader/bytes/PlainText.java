package dev.reprise.diff.reader.bytes;

import java.util.Locale;

/**
 * Text of a job made fit to be shown and to be written as JSON: cut to a length, control
 * characters and halves of surrogate pairs made visible, so that it can neither move a
 * terminal's cursor nor break an encoder.
 */
public final class PlainText {

	/**
	 * Longest text that is kept, in UTF-16 units.
	 */
	public static final int MAX = 4096;

	private PlainText() {
	}

	/**
	 * The text, at most {@link #MAX} long.
	 */
	public static String of(String text) {
		return of(text, MAX);
	}

	/**
	 * The text, at most {@code max} long and an ellipsis where it was cut.
	 */
	public static String of(String text, int max) {
		StringBuilder plain = new StringBuilder(Math.min(text.length(), max) + 1);
		int at = 0;
		while (at < text.length()) {
			int point = text.codePointAt(at);
			if (plain.length() >= max) {
				return plain.append('…').toString();
			}
			append(plain, point);
			at += Character.charCount(point);
		}
		return plain.toString();
	}

	private static void append(StringBuilder plain, int point) {
		if (point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE) {
			plain.append('\uFFFD');
		}
		else if (point == '\t') {
			plain.append('\t');
		}
		else if (Character.isISOControl(point) || isInvisible(point)) {
			plain.append(String.format(Locale.ROOT, "\\u%04x", point));
		}
		else {
			plain.appendCodePoint(point);
		}
	}

	/**
	 * Marks that turn the direction of writing or break a line: a text with them can look
	 * like another.
	 */
	private static boolean isInvisible(int point) {
		return (point >= 0x200E && point <= 0x200F) || (point >= 0x2028 && point <= 0x202E)
				|| (point >= 0x2066 && point <= 0x2069);
	}

}
