package dev.reprise.diff;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
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

	static DiffView of(DiffRow row, JsonNode compare, @Nullable JsonNode content) {
		ObjectNode json = JsonNodeFactory.instance.objectNode();
		json.put("id", row.id())
			.put("left", row.left())
			.put("right", row.right())
			.put("state", row.state())
			.put("createdAt", row.createdAt().toString());
		json.set("compare", compare);
		if (content != null) {
			content.properties().forEach((field) -> json.set(field.getKey(), field.getValue()));
		}
		return new DiffView(row.id(), row.verdict(), json);
	}

}
