package dev.reprise.http;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;

/**
 * A part of a list that is ordered by id, newest first. Ids never change, so a cursor
 * stays good while entries are added.
 *
 * @param <T> what is listed
 * @param items the entries
 * @param next where the next page begins, or null on the last
 */
public record Page<T>(List<T> items, @Nullable String next) {

	/**
	 * Entries on a page where none are asked for.
	 */
	public static final int DEFAULT_LIMIT = 50;

	/**
	 * Most entries on a page.
	 */
	public static final int MAX_LIMIT = 500;

	/**
	 * Makes a page out of what a query for one entry more than the limit gave.
	 */
	public static <E, T> Page<T> of(List<E> found, int limit, Function<E, String> id, Function<E, T> view) {
		List<E> shown = found.subList(0, Math.min(limit, found.size()));
		String next = (found.size() > limit) ? encode(id.apply(shown.getLast())) : null;
		return new Page<>(shown.stream().map(view).toList(), next);
	}

	/**
	 * The id after which a page begins, or null for the first page.
	 * @throws RequestException if the cursor is none of ours
	 */
	public static @Nullable String decode(@Nullable String cursor) {
		if (cursor == null) {
			return null;
		}
		try {
			String id = new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.UTF_8);
			if (TimeSortedId.isId(id)) {
				return id;
			}
		}
		catch (IllegalArgumentException ex) {
			// falls through: a cursor that is not Base64 is as wrong as any other
		}
		throw RequestException.invalid("cursor", "is no cursor that this service gave",
				"take it from 'next' of the page before, or leave it out");
	}

	/**
	 * Checks how many entries are asked for.
	 * @throws RequestException if not between 1 and 500
	 */
	public static int limit(@Nullable Integer asked) {
		if (asked == null) {
			return DEFAULT_LIMIT;
		}
		if (asked < 1 || asked > MAX_LIMIT) {
			throw RequestException.invalid("limit", "is not between 1 and " + MAX_LIMIT, "give a number in that range");
		}
		return asked;
	}

	private static String encode(String id) {
		return Base64.getUrlEncoder().withoutPadding().encodeToString(id.getBytes(StandardCharsets.UTF_8));
	}

}
