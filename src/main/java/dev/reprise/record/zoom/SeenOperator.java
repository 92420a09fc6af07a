package dev.reprise.record.zoom;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.swagger.v3.oas.annotations.media.Schema;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * One operator of a step, as the process recorded it. Fingerprints are in hexadecimal;
 * null could not be read, {@code -} says nothing about the run.
 *
 * @param index counted from 0, in the order in which operators ended
 * @param operator its name, {@code aten.mm.default}
 * @param phase forward, backward, step or other
 * @param module the innermost that was being called, or null
 * @param inputs fingerprints of the tensors it got
 * @param arguments the fingerprint of all else that it got
 * @param outputs fingerprints of the tensors it gave
 * @param generator the state of the generator that it drew from, or null
 * @param place the program's line
 * @param function the program's function
 * @param forwardPlace in the backward pass, the line of the operator whose gradient it is
 * @param forwardFunction the function of that line
 */
@Schema(name = "SeenOperator")
@JsonInclude(JsonInclude.Include.NON_NULL)
public record SeenOperator(long index, String operator, @Nullable String phase, @Nullable String module,
		List<@Nullable String> inputs, @Nullable String arguments, List<@Nullable String> outputs,
		@Nullable String generator, @Nullable String place, @Nullable String function, @Nullable String forwardPlace,
		@Nullable String forwardFunction) {

	public SeenOperator {
		inputs = Collections.unmodifiableList(new ArrayList<>(inputs));
		outputs = Collections.unmodifiableList(new ArrayList<>(outputs));
	}

	static SeenOperator of(JsonNode node) {
		return new SeenOperator(node.path("index").asLong(-1), node.path("operator").asString(""), text(node, "phase"),
				text(node, "module"), texts(node.path("inputs")), text(node, "arguments"), texts(node.path("outputs")),
				text(node, "generator"), text(node, "place"), text(node, "function"), text(node, "forwardPlace"),
				text(node, "forwardFunction"));
	}

	private static @Nullable String text(JsonNode node, String field) {
		JsonNode value = node.path(field);
		return value.isString() ? value.asString() : null;
	}

	private static List<@Nullable String> texts(JsonNode list) {
		List<@Nullable String> texts = new ArrayList<>();
		list.forEach((entry) -> texts.add(entry.isString() ? entry.asString() : null));
		return texts;
	}

}
