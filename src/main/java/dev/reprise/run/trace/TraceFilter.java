package dev.reprise.run.trace;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import dev.reprise.artifact.Glob;
import dev.reprise.http.FieldErrors;
import dev.reprise.http.RequestException;
import dev.reprise.record.trace.Column;
import dev.reprise.record.trace.Kind;
import org.jspecify.annotations.Nullable;

/**
 * Which rows and columns are asked for.
 *
 * @param process of this name, null for all
 * @param from the first step, from 0
 * @param to the last step
 * @param kind of this kind, null for all
 * @param column of names that match, null for all
 * @param after where the page before ended, null for the first
 * @param limit most rows
 */
record TraceFilter(@Nullable String process, long from, long to, @Nullable Kind kind, @Nullable Glob column,
		@Nullable Place after, int limit) {

	/**
	 * Reads what a client asks for.
	 * @throws RequestException naming every parameter that is wrong
	 */
	static TraceFilter of(@Nullable String process, @Nullable Long from, @Nullable Long to, @Nullable String kind,
			@Nullable String column, @Nullable String cursor, int limit) {
		FieldErrors errors = new FieldErrors();
		if (process != null && !Place.PROCESS.matcher(process).matches()) {
			errors.add("process", "is no name of a process", "give one of those that the answer lists, such as main");
		}
		if (from != null && from < 0) {
			errors.add("from", "is no step", "give a whole number from 0");
		}
		if (to != null && to < 0) {
			errors.add("to", "is no step", "give a whole number from 0");
		}
		Place after = Place.of(cursor, errors);
		TraceFilter filter = new TraceFilter(process, (from != null) ? from : 0, (to != null) ? to : Long.MAX_VALUE,
				kind(kind, errors), glob(column, errors), after, limit);
		errors.throwIfAny();
		return filter;
	}

	private static @Nullable Kind kind(@Nullable String word, FieldErrors errors) {
		if (word == null) {
			return null;
		}
		for (Kind kind : Kind.values()) {
			if (kind.word().equals(word)) {
				return kind;
			}
		}
		errors.add("kind", "is no kind of column",
				"give one of " + Arrays.stream(Kind.values()).map(Kind::word).collect(Collectors.joining(", ")));
		return null;
	}

	private static @Nullable Glob glob(@Nullable String pattern, FieldErrors errors) {
		try {
			return (pattern != null) ? Glob.of(pattern) : null;
		}
		catch (IllegalArgumentException ex) {
			errors.add("column", "is no pattern that is taken: " + ex.getMessage(), "give one such as conv2.*");
			return null;
		}
	}

	boolean takes(Column asked) {
		return (this.kind == null || this.kind == asked.kind())
				&& (this.column == null || this.column.matches(asked.name()));
	}

	/**
	 * A row by the process that made it and its place in the process's trace. Traces of a
	 * run that has ended do not change, so it stays good.
	 *
	 * @param process its name
	 * @param row its place
	 */
	record Place(String process, long row) {

		private static final Pattern PROCESS = Pattern.compile("[a-z0-9][a-z0-9-]{0,63}");

		private static final Pattern FORM = Pattern.compile("(" + PROCESS + ")/(\\d{1,18})");

		static @Nullable Place of(@Nullable String cursor, FieldErrors errors) {
			if (cursor == null) {
				return null;
			}
			try {
				Matcher matcher = FORM
					.matcher(new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.UTF_8));
				if (matcher.matches()) {
					return new Place(matcher.group(1), Long.parseLong(matcher.group(2)));
				}
			}
			catch (IllegalArgumentException ex) {
				// falls through: a cursor that is not Base64 is as wrong as any other
			}
			errors.add("cursor", "is no cursor that this service gave",
					"take it from 'next' of the page before, or leave it out");
			return null;
		}

		String cursor() {
			return Base64.getUrlEncoder()
				.withoutPadding()
				.encodeToString((this.process + "/" + this.row).getBytes(StandardCharsets.UTF_8));
		}

	}

}
