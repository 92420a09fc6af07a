package dev.reprise.diff;

import java.util.List;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * A diff as clients see it: what was asked, and, once it is done, everything that the
 * engine said.
 *
 * @param id the id
 * @param verdict the verdict, or null while pending
 * @param json the whole of it
 */
public record DiffView(String id, @Nullable String verdict, ObjectNode json) {

	static DiffView of(DiffRow row, JsonNode compare, @Nullable JsonNode content, List<Diffs.Confirmed> confirmed) {
		ObjectNode json = JsonNodeFactory.instance.objectNode();
		json.put("id", row.id())
			.put("left", row.left())
			.put("right", row.right())
			.put("state", row.state())
			.put("createdAt", row.createdAt().toString());
		json.set("compare", compare);
		if (content != null) {
			content.properties().forEach((field) -> json.set(field.getKey(), field.getValue()));
			if (!confirmed.isEmpty()) {
				json.set("causes", causes(content.path("causes"), confirmed));
			}
		}
		return new DiffView(row.id(), row.verdict(), json);
	}

	/**
	 * What was confirmed comes first; it was found by running it, whatever the engine had
	 * thought.
	 */
	private static ArrayNode causes(JsonNode found, List<Diffs.Confirmed> confirmed) {
		ArrayNode causes = JsonNodeFactory.instance.arrayNode();
		for (Diffs.Confirmed one : confirmed) {
			causes.addObject()
				.put("layer", one.layer().word())
				.put("key", one.key())
				.put("confidence", "confirmed")
				.put("why", "The left run with this alone taken from the right one gave what the right one gave.");
		}
		found.forEach((cause) -> {
			if (confirmed.stream().noneMatch((one) -> one.is(cause))) {
				causes.add(cause);
			}
		});
		return causes;
	}

}
