package dev.reprise.http;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * Sizes as people write them: a whole number and a binary unit.
 */
public final class ByteSize {

	private static final Pattern FORM = Pattern.compile("(\\d{1,15})(B|KiB|MiB|GiB|TiB)");

	private static final Map<String, Integer> SHIFT = Map.of("B", 0, "KiB", 10, "MiB", 20, "GiB", 30, "TiB", 40);

	private ByteSize() {
	}

	/**
	 * Bytes of a text such as {@code 4GiB}, or null where it is no size or past 2^63.
	 */
	public static @Nullable Long parse(String text) {
		Matcher matcher = FORM.matcher(text);
		if (!matcher.matches()) {
			return null;
		}
		long number = Long.parseLong(matcher.group(1));
		int shift = SHIFT.getOrDefault(matcher.group(2), 0);
		return (number <= (Long.MAX_VALUE >> shift)) ? (Long) (number << shift) : null;
	}

}
