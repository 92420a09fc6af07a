package dev.reprise.agent;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * Which things have a column of their own: all, or those whose names fit a pattern. What
 * is left of a kind goes into one column, {@code *}.
 */
final class Selection {

	private final @Nullable List<Pattern> patterns;

	private final Map<TraceColumn, Boolean> known = new HashMap<>();

	/**
	 * Makes a selection.
	 * @param patterns {@code *} is any characters and {@code ?} one; null selects
	 * everything, none nothing
	 */
	Selection(@Nullable List<String> patterns) {
		this.patterns = (patterns != null) ? patterns.stream().map(Selection::compiled).toList() : null;
	}

	private static Pattern compiled(String pattern) {
		StringBuilder expression = new StringBuilder();
		pattern.codePoints()
			.forEach((letter) -> expression
				.append((letter == '*') ? ".*" : (letter == '?') ? "." : Pattern.quote(Character.toString(letter))));
		return Pattern.compile(expression.toString(), Pattern.DOTALL);
	}

	/**
	 * A row with those together that have no column of their own: over their names, a
	 * line each, and their values.
	 */
	Map<TraceColumn, byte[]> fold(Map<TraceColumn, byte[]> row) {
		List<Pattern> apart = this.patterns;
		if (apart == null) {
			return row;
		}
		Map<TraceColumn, byte[]> found = new LinkedHashMap<>();
		Map<String, List<String>> names = new LinkedHashMap<>();
		Map<String, List<byte[]>> values = new LinkedHashMap<>();
		row.forEach((column, value) -> {
			if (this.known.computeIfAbsent(column, (one) -> isApart(one, apart))) {
				found.put(column, value);
			}
			else {
				names.computeIfAbsent(column.kind(), (missing) -> new ArrayList<>()).add(column.name());
				values.computeIfAbsent(column.kind(), (missing) -> new ArrayList<>()).add(value);
			}
		});
		names.forEach((kind, those) -> found.put(new TraceColumn(kind, TraceColumn.SUM),
				Arrays128.joined(String.join("\n", those), values.getOrDefault(kind, List.of()))));
		return found;
	}

	private static boolean isApart(TraceColumn column, List<Pattern> patterns) {
		return !column.isSummable()
				|| patterns.stream().anyMatch((pattern) -> pattern.matcher(column.name()).matches());
	}

}
