package dev.reprise.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * How the process of a run that has ended was held, by the service's own word.
 *
 * @param isolation such as {@code sandbox}
 * @param softLimits what was not held as hard as it could be, in sentences; null where
 * that was not written down
 */
record HowHeld(String isolation, @Nullable List<String> softLimits) {

	/**
	 * Reads it from a record folder.
	 * @return null where there is none
	 */
	static @Nullable HowHeld read(Path recordFolder) {
		Path file = recordFolder.resolve("end.json");
		try {
			if (!Files.exists(file)) {
				return null;
			}
			JsonNode end = JsonMapper.shared().readTree(Files.readAllBytes(file));
			List<String> soft = null;
			if (end.path("softLimits").isArray()) {
				soft = new ArrayList<>();
				for (JsonNode sentence : end.path("softLimits")) {
					soft.add(sentence.asString());
				}
			}
			return new HowHeld(end.path("isolation").asString("unknown"), soft);
		}
		catch (IOException ex) {
			return null;
		}
	}

	/**
	 * The checklist's line of it.
	 */
	ObjectNode line() {
		ObjectNode line = JsonMapper.shared().createObjectNode();
		line.put("item", "isolation").put("title", "Isolation and limits");
		line.set("requested", JsonMapper.shared().createObjectNode());
		ObjectNode observed = JsonMapper.shared().createObjectNode().put("isolation", this.isolation);
		observed.set("softLimits", JsonMapper.shared().valueToTree(this.softLimits));
		line.set("observed", observed);
		if (this.softLimits == null) {
			return line.put("held", "not-available").put("why", "Which limits were soft was not written down.");
		}
		return this.softLimits.isEmpty()
				? line.put("held", "yes")
					.put("why", "Held in isolation " + this.isolation + ", every limit by the kernel.")
				: line.put("held", "no")
					.put("why", "Held in isolation " + this.isolation + ", but not as hard as it could be: "
							+ String.join("; ", this.softLimits) + ".");
	}

}
