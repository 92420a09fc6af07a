package dev.reprise.diff.engine.folder;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

import dev.reprise.diff.reader.bytes.PlainText;
import dev.reprise.record.UnreadableRecordException;
import tools.jackson.databind.JsonNode;

import org.jspecify.annotations.Nullable;

/**
 * What one process observed of itself; its own word, read with bounds.
 *
 * @param name of its folder in the record
 * @param forkedBy the process that it was forked from, null where it was started
 * otherwise
 * @param pid its number as it saw it, null where it does not say
 * @param argv its command line, as JSON
 * @param knobs what was read back, by name
 * @param seedings the program's own calls that seed a global generator
 * @param drift knobs that the program changed
 * @param sources what it read that no seed decides; empty in a record of a version that
 * noted none
 * @param children processes that it started
 * @param trace what it says of its trace, null where it says nothing
 * @param complete whether it was written when the process ended
 */
public record ObservedProcess(String name, @Nullable String forkedBy, @Nullable Long pid, String argv,
		SortedMap<String, Reading> knobs, List<Seeding> seedings, List<Drift> drift, List<Source> sources,
		List<Child> children, @Nullable ObservedTrace trace, boolean complete) {

	public ObservedProcess {
		knobs = Collections.unmodifiableSortedMap(new TreeMap<>(knobs));
		seedings = List.copyOf(seedings);
		drift = List.copyOf(drift);
		sources = List.copyOf(sources);
		children = List.copyOf(children);
	}

	/**
	 * One knob, read back.
	 *
	 * @param status whether it could be read
	 * @param start before user code could change it
	 * @param end when the process ended
	 */
	public record Reading(String status, @Nullable Object start, @Nullable Object end) {
	}

	/**
	 * A seeding call of the program's own.
	 *
	 * @param generator which generator
	 * @param call what was called
	 * @param value the seed, null where a state was restored
	 * @param held whether the job's seed won over it
	 * @param place in the program
	 * @param step that was under way when it came first, null where none were counted
	 */
	public record Seeding(String generator, String call, @Nullable Object value, boolean held, String place,
			@Nullable Long step) {

		/**
		 * The same whenever it came: whether steps were counted is no property of a call.
		 */
		public Seeding undated() {
			return new Seeding(this.generator, this.call, this.value, this.held, this.place, null);
		}

	}

	/**
	 * A knob that the program changed.
	 *
	 * @param knob its name
	 * @param to its new value
	 * @param place in the program
	 * @param step that was under way when it came first, null where none were counted
	 */
	public record Drift(String knob, @Nullable Object to, String place, @Nullable Long step) {
	}

	/**
	 * Something that the program read and that no seed decides.
	 *
	 * @param call what was called
	 * @param place in the program
	 * @param order digest of the names as they came, of a folder; else null
	 * @param step that was under way when it came first, null where none were counted
	 */
	public record Source(String call, String place, @Nullable String order, @Nullable Long step) {
	}

	/**
	 * A process that was started.
	 *
	 * @param argv its command line, as JSON
	 * @param recordDue whether it should have a record: Python, and none that a library
	 * keeps for itself
	 * @param record its folder's name, null where it has none
	 * @param why it has none
	 */
	public record Child(String argv, boolean recordDue, @Nullable String record, @Nullable String why) {
	}

	static ObservedProcess read(String name, JsonNode node) throws UnreadableRecordException {
		Integer schema = JsonParts.integer(node, "schema");
		if (schema == null || schema != 1) {
			throw new UnreadableRecordException("observed.json is not of schema 1");
		}
		checkWhole(node);
		SortedMap<String, Reading> knobs = new TreeMap<>();
		JsonParts.checkSize(node, "knobs");
		for (Map.Entry<String, JsonNode> knob : node.path("knobs").properties()) {
			JsonNode reading = knob.getValue();
			knobs.put(PlainText.of(knob.getKey()), new Reading(JsonParts.text(reading, "status", "unknown"),
					JsonParts.value(reading.path("start")), JsonParts.value(reading.path("end"))));
		}
		List<Seeding> seedings = new ArrayList<>();
		for (JsonNode seeding : JsonParts.list(node, "seedings")) {
			seedings.add(new Seeding(JsonParts.text(seeding, "generator", "?"), JsonParts.text(seeding, "call", "?"),
					JsonParts.value(seeding.path("value")), JsonParts.isTrue(seeding, "held"),
					JsonParts.text(seeding, "place", "?"), number(seeding.path("step"))));
		}
		List<Drift> drift = new ArrayList<>();
		for (JsonNode change : JsonParts.list(node, "drift")) {
			drift.add(new Drift(JsonParts.text(change, "knob", "?"), JsonParts.value(change.path("to")),
					JsonParts.text(change, "place", "?"), number(change.path("step"))));
		}
		List<Source> sources = new ArrayList<>();
		for (JsonNode source : JsonParts.list(node, "sources")) {
			sources.add(new Source(JsonParts.text(source, "call", "?"), JsonParts.text(source, "place", "?"),
					JsonParts.text(source, "order"), number(source.path("step"))));
		}
		List<Child> children = new ArrayList<>();
		for (JsonNode child : JsonParts.list(node, "children")) {
			children.add(new Child(PlainText.of(child.path("argv").toString(), 200),
					JsonParts.isTrue(child, "expected") || !child.path("expected").isBoolean(),
					JsonParts.text(child, "record"), JsonParts.text(child, "why")));
		}
		return new ObservedProcess(name,
				JsonParts.text(node, "started", "").equals("fork") ? JsonParts.text(node, "parent") : null,
				number(node.path("pid")), PlainText.of(node.path("argv").toString()), knobs, seedings, drift, sources,
				children, ObservedTrace.read(node.path("trace")), JsonParts.isTrue(node, "complete"));
	}

	private static @Nullable Long number(JsonNode node) {
		return (node.isIntegralNumber() && node.canConvertToLong()) ? (Long) node.longValue() : null;
	}

	/**
	 * Whether this process says, at its own end, that it ended a fork of itself.
	 */
	boolean ended(ObservedProcess fork) {
		return this.complete && this.name.equals(fork.forkedBy()) && this.children.stream()
			.anyMatch((child) -> fork.name().equals(child.record()) && child.why() != null);
	}

	/**
	 * A record that lacks a part says nothing of it, which must not read as: there was
	 * nothing.
	 */
	private static void checkWhole(JsonNode node) throws UnreadableRecordException {
		if (!node.path("knobs").isObject() || node.path("knobs").isEmpty()) {
			throw new UnreadableRecordException("observed.json has no knobs");
		}
		for (String part : List.of("seedings", "drift", "children")) {
			if (!node.path(part).isArray()) {
				throw new UnreadableRecordException("observed.json has no " + part);
			}
		}
	}

}
