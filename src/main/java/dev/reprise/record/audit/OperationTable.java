package dev.reprise.record.audit;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What torch documents of its operators on a GPU, by version: {@code operations.json},
 * which {@code src/test/python/operations/generate.py} writes.
 *
 * @param source what the table was made from
 * @param versions of torch that it describes, oldest first
 * @param rules by operator without its overload, by operator with it, and by function
 * @param random operators that draw random numbers, each with the versions that say so
 */
record OperationTable(String source, List<TorchVersion> versions, Map<String, List<Rule>> rules,
		Map<String, Set<TorchVersion>> random) {

	private static final OperationTable BUNDLED = read();

	static OperationTable bundled() {
		return BUNDLED;
	}

	private static OperationTable read() {
		try (InputStream in = Objects.requireNonNull(OperationTable.class.getResourceAsStream("operations.json"),
				"operations.json is missing")) {
			return of(JsonMapper.shared().readTree(in));
		}
		catch (IOException ex) {
			throw new UncheckedIOException("operations.json cannot be read", ex);
		}
	}

	static OperationTable of(JsonNode root) {
		List<TorchVersion> versions = new ArrayList<>();
		root.required("versions").forEach((version) -> versions.add(version(version.required("torch").stringValue())));
		versions.sort(null);
		Map<String, List<Rule>> rules = new HashMap<>();
		for (JsonNode entry : root.required("rules")) {
			Rule rule = Rule.of(entry);
			for (String list : List.of("operators", "functions")) {
				entry.required(list)
					.forEach((name) -> rules.computeIfAbsent(name.stringValue(), (key) -> new ArrayList<>()).add(rule));
			}
		}
		Map<String, Set<TorchVersion>> random = new LinkedHashMap<>();
		root.required("random").properties().forEach((entry) -> {
			List<TorchVersion> tagged = new ArrayList<>();
			entry.getValue().forEach((version) -> tagged.add(version(version.stringValue())));
			random.put(entry.getKey(), Set.copyOf(tagged));
		});
		return new OperationTable(root.required("source").stringValue(), List.copyOf(versions), rules, random);
	}

	private static TorchVersion version(String text) {
		return Objects.requireNonNull(TorchVersion.of(text), () -> text + " is no version of torch");
	}

	/**
	 * Those of the described versions by which another is judged: itself, or one of the
	 * same minor version; else the next older and the next newer one; the newest, for one
	 * that is newer than all; none, for one that is older or not known.
	 */
	List<TorchVersion> judgedBy(@Nullable TorchVersion version) {
		if (version == null || version.compareTo(this.versions.getFirst()) < 0) {
			return List.of();
		}
		TorchVersion older = this.versions.getFirst();
		for (TorchVersion described : this.versions) {
			if (described.sameMinor(version)) {
				return List.of(described);
			}
			if (described.compareTo(version) > 0) {
				return List.of(older, described);
			}
			older = described;
		}
		return List.of(older);
	}

	/**
	 * One documented operation.
	 *
	 * @param name as people call it
	 * @param when what an audit can see of the condition, null for none
	 * @param condition for people, null for none
	 * @param answers by version
	 */
	record Rule(String name, @Nullable When when, @Nullable String condition, Map<TorchVersion, OnGpu> answers) {

		static Rule of(JsonNode entry) {
			Map<TorchVersion, OnGpu> answers = new TreeMap<>();
			entry.required("answers")
				.properties()
				.forEach((answer) -> answers.put(version(answer.getKey()), OnGpu.of(answer.getValue().stringValue())));
			JsonNode when = entry.required("when");
			JsonNode condition = entry.required("condition");
			return new Rule(entry.required("name").stringValue(), when.isNull() ? null : When.of(when),
					condition.isNull() ? null : condition.stringValue(), answers);
		}

	}

}
