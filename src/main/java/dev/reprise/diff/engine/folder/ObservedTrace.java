package dev.reprise.diff.engine.folder;

import java.util.ArrayList;
import java.util.List;

import dev.reprise.diff.reader.bytes.PlainText;
import tools.jackson.databind.JsonNode;

import org.jspecify.annotations.Nullable;

/**
 * What a process says of its own trace.
 *
 * @param state whether there is one, and all of it
 * @param steps how many steps the process made, null where it does not say
 * @param segments how many segments it began, null where it does not say
 * @param why it is not whole, in the process's words
 */
public record ObservedTrace(State state, @Nullable Long steps, @Nullable Long segments, List<String> why) {

	private static final int MAX_WHY = 20;

	public ObservedTrace {
		why = List.copyOf(why);
	}

	/**
	 * Whether there is a trace, and all of it.
	 */
	public enum State {

		/** None was asked for. */
		OFF,
		/** The process made no step. */
		NO_STEPS,
		/** There is a row for every step that was to have one. */
		WHOLE,
		/** Something is missing, or nobody said that nothing is. */
		INCOMPLETE

	}

	/**
	 * Reads it, null where the record is of a version that knew of no traces.
	 */
	static @Nullable ObservedTrace read(JsonNode node) {
		if (node.isMissingNode() || node.isNull()) {
			return null;
		}
		List<String> why = new ArrayList<>();
		for (JsonNode sentence : node.path("why")) {
			if (sentence.isString() && why.size() < MAX_WHY) {
				why.add(PlainText.of(sentence.stringValue(), 500));
			}
		}
		State state = switch (JsonParts.text(node, "state", "")) {
			case "off" -> State.OFF;
			case "no-steps" -> State.NO_STEPS;
			case "whole" -> State.WHOLE;
			default -> State.INCOMPLETE;
		};
		return new ObservedTrace(state, count(node.path("steps")), count(node.path("segments")), why);
	}

	private static @Nullable Long count(JsonNode node) {
		boolean is = node.isIntegralNumber() && node.canConvertToLong() && node.longValue() >= 0;
		return is ? (Long) node.longValue() : null;
	}

}
