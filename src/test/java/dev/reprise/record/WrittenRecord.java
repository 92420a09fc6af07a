package dev.reprise.record;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

import dev.reprise.recipe.Knob;
import dev.reprise.recipe.Recipe;
import dev.reprise.recipe.RecipeBook;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A record as processes write it when all is well: on a machine with a GPU, every knob
 * read back as requested. Tests change what they are about.
 */
final class WrittenRecord {

	static final JsonMapper JSON = JsonMapper.shared();

	private final Recipe recipe;

	private final Map<String, ObjectNode> observed = new LinkedHashMap<>();

	final ObjectNode environment;

	WrittenRecord(Recipe recipe) {
		this.recipe = recipe;
		this.environment = object("""
				{"schema": 1,
				 "environment": {"python": {"version": "3.11.7"}, "packages": {"torch": {"version": "2.15.0"}}},
				 "machine": {"cpu": {"cores": 2}, "gpus": [{"model": "NVIDIA H200"}], "driver": "590.10"}}""");
		process("main", null, "exec");
	}

	static ObjectNode object(String json) {
		return (ObjectNode) JSON.readTree(json);
	}

	WrittenRecord withoutGpu() {
		((ObjectNode) this.environment.get("machine")).putArray("gpus");
		return this;
	}

	/**
	 * A process that the parent lists as its child.
	 */
	WrittenRecord child(String name, String kind) {
		process(name, "main", kind);
		list("main", "children").add(object("""
				{"argv": ["python", "x.py"], "kind": "%s", "place": "train.py:30", "expected": true, "why": null,
				 "record": "%s", "count": 1}""".formatted(kind.equals("fork") ? "fork" : "python", name)));
		return this;
	}

	WrittenRecord process(String name, @Nullable String parent, String started) {
		ObjectNode process = object(
				"""
						{"schema": 1, "pid": 2, "argv": ["train.py"], "imported": ["numpy", "numpy.random", "torch"], "knobs": {},
						 "seedings": [], "drift": [], "children": [], "complete": true}""");
		process.put("process", name);
		process.put("parent", parent);
		process.put("started", started);
		ObjectNode knobs = (ObjectNode) process.get("knobs");
		for (RecipeBook.Row row : RecipeBook.allKnobs()) {
			ObjectNode knob = knobs.putObject(row.name());
			knob.put("status", "read");
			JsonNode value = this.recipe.knob(row.name()).map(Knob::value).orElse(null);
			if (value == null) {
				knob.put("start", "as it was").put("end", "as it was");
			}
			else {
				knob.set("start", value);
				knob.set("end", value);
			}
			knob.putNull("why");
		}
		this.observed.put(name, process);
		return this;
	}

	ObjectNode observed(String process) {
		ObjectNode node = this.observed.get(process);
		if (node == null) {
			throw new IllegalStateException("no process " + process);
		}
		return node;
	}

	ObjectNode main() {
		return observed("main");
	}

	ObjectNode knob(String process, String name) {
		return (ObjectNode) observed(process).get("knobs").get(name);
	}

	WrittenRecord end(String process, String knob, JsonNode value) {
		knob(process, knob).set("end", value);
		return this;
	}

	WrittenRecord notRead(String process, String knob, String status, @Nullable String why) {
		knob(process, knob).put("status", status).putNull("start").putNull("end").put("why", why);
		return this;
	}

	/**
	 * As a process leaves its record that was killed.
	 */
	WrittenRecord killed(String process) {
		observed(process).put("complete", false);
		for (JsonNode knob : observed(process).get("knobs")) {
			((ObjectNode) knob).putNull("end");
		}
		return this;
	}

	ArrayNode list(String process, String part) {
		return (ArrayNode) observed(process).get(part);
	}

	WrittenRecord seeding(String process, String generator, String call, @Nullable Long value, boolean held,
			@Nullable String place) {
		ObjectNode seeding = list(process, "seedings").addObject();
		seeding.put("generator", generator).put("call", call).put("value", value).put("held", held);
		seeding.put("place", place).put("count", 1);
		return this;
	}

	WrittenRecord drift(String process, String knob, @Nullable String place, boolean undone) {
		list(process, "drift").add(object("""
				{"knob": "%s", "from": "as requested", "to": "other", "undone": %s, "count": 1}""".formatted(knob,
				undone))
			.put("place", place));
		return this;
	}

	/**
	 * Writes it below a folder, and gives the folder.
	 */
	Path in(Path folder) throws IOException {
		for (Map.Entry<String, ObjectNode> process : this.observed.entrySet()) {
			Path its = Files.createDirectories(folder.resolve("record").resolve(process.getKey()));
			Files.writeString(its.resolve("observed.json"), process.getValue().toString());
		}
		Files.writeString(folder.resolve("record/main/environment.json"), this.environment.toString());
		return folder;
	}

	RunRecord readFrom(Path folder) throws IOException {
		return RunRecord.read(in(folder));
	}

}
