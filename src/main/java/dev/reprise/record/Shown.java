package dev.reprise.record;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What a process wrote, as it may stand in a sentence: short, and without characters that
 * would end a line of a log or steer a terminal.
 */
final class Shown {

	private static final int MAX = 200;

	private Shown() {
	}

	static String text(@Nullable String text) {
		if (text == null) {
			return "";
		}
		StringBuilder shown = new StringBuilder();
		text.codePoints()
			.limit(MAX)
			.map((point) -> isPlain(point) ? point : '?')
			.forEachOrdered(shown::appendCodePoint);
		return (text.codePointCount(0, text.length()) > MAX) ? shown + "…" : shown.toString();
	}

	static String value(JsonNode value) {
		return value.isContainer() ? (value.isArray() ? "a list" : "an object") : text(value.toString());
	}

	private static boolean isPlain(int point) {
		return switch (Character.getType(point)) {
			case Character.CONTROL, Character.FORMAT, Character.SURROGATE, Character.PRIVATE_USE, Character.UNASSIGNED,
					Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR ->
				false;
			default -> true;
		};
	}

}
