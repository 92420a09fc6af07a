package dev.reprise.record;

import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.reprise.recipe.RecipeBook;
import dev.reprise.record.ProcessRecord.Child;
import dev.reprise.record.ProcessRecord.Drift;
import dev.reprise.record.ProcessRecord.Operation;
import dev.reprise.record.ProcessRecord.Reading;
import dev.reprise.record.ProcessRecord.Result;
import dev.reprise.record.ProcessRecord.Seeding;
import dev.reprise.record.ProcessRecord.Status;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.NullNode;

/**
 * Turns what one process wrote into a {@link ProcessRecord}. Whatever has another shape
 * than the contract's is left out, said, and marked as damage.
 */
final class ProcessReader {

	static final Pattern PROCESS_NAME = Pattern.compile("[a-z0-9][a-z0-9-]{0,63}");

	private static final Set<String> KNOBS = Stream
		.concat(RecipeBook.allKnobs().stream(), RecipeBook.jvmKnobs().stream())
		.map(RecipeBook.Row::name)
		.collect(Collectors.toUnmodifiableSet());

	private static final Set<String> GENERATORS = Set.of("python", "numpy", "torch", "torch-cuda");

	private static final Set<String> STARTED = Set.of("exec", "fork", "spawn");

	private static final Set<String> CHILDREN = Set.of("python", "other", "fork");

	private static final Set<String> OPERATIONS = Set.of("refused", "warned");

	private static final Set<String> OUTCOMES = Set.of("returned", "raised", "exited", "drift", "not-started");

	private static final int MAX_PROBLEMS = 50;

	private final String process;

	private final ReadBudget budget;

	private final List<String> problems = new ArrayList<>();

	private final Set<String> damaged = new TreeSet<>();

	ProcessReader(String process, ReadBudget budget) {
		this.process = process;
		this.budget = budget;
	}

	/**
	 * What stands for a process of which nothing could be read.
	 */
	static ProcessRecord unread(String process, String problem) {
		return new ProcessRecord(process, null, "", List.of(), List.of(), Map.of(), List.of(), List.of(), null,
				List.of(), false, List.of(), null, Set.of(""), List.of(problem));
	}

	ProcessRecord read(RecordFolder folder) {
		JsonNode observed = observed(folder);
		String parent = text(observed, "parent");
		if (parent != null && !PROCESS_NAME.matcher(parent).matches()) {
			problem("observed.json names a parent that is no process");
			parent = null;
		}
		String started = oneOf(observed, "started", STARTED);
		return new ProcessRecord(this.process, parent, (started != null) ? started : "", texts(observed, "argv"),
				texts(observed, "imported"), knobs(observed), list(observed, "seedings", ProcessReader::seeding),
				list(observed, "drift", ProcessReader::drift), loaderSeed(observed),
				list(observed, "children", ProcessReader::child),
				observed.path("complete").isBoolean() && observed.path("complete").booleanValue(), operations(folder),
				result(folder), this.damaged, this.problems);
	}

	private static @Nullable BigInteger loaderSeed(JsonNode observed) {
		JsonNode seed = observed.path("loaderSeed");
		return seed.isIntegralNumber() ? seed.bigIntegerValue() : null;
	}

	/**
	 * Reads {@code environment.json}, null where it cannot be read.
	 */
	static @Nullable EnvironmentRecord environment(RecordFolder folder, ReadBudget budget, List<String> problems) {
		try {
			BoundedTree tree = json(folder, "environment.json", budget);
			if (!tree.cut().isEmpty()) {
				problems.add(folder.path("environment.json") + " has longer lists than are read");
			}
			return new EnvironmentRecord(part(tree.root(), "environment"), part(tree.root(), "machine"));
		}
		catch (UnreadableRecordException ex) {
			problems.add(ex.getMessage());
			return null;
		}
	}

	private JsonNode observed(RecordFolder folder) {
		try {
			BoundedTree tree = json(folder, "observed.json", this.budget);
			for (String part : tree.cut()) {
				damage(part, "observed.json has more entries in " + (part.isEmpty() ? "it" : Shown.text(part))
						+ " than are read");
			}
			String name = text(tree.root(), "process");
			if (name != null && !name.equals(this.process)) {
				problem("observed.json says that it is of the process " + Shown.text(name));
			}
			return tree.root();
		}
		catch (UnreadableRecordException ex) {
			this.damaged.add("");
			this.problems.add(message(ex));
			return NullNode.getInstance();
		}
	}

	private Map<String, Reading> knobs(JsonNode observed) {
		Map<String, Reading> readings = new LinkedHashMap<>();
		JsonNode knobs = observed.path("knobs");
		if (!knobs.isObject()) {
			lost(observed, "knobs");
			return readings;
		}
		for (Map.Entry<String, JsonNode> entry : knobs.properties()) {
			if (!KNOBS.contains(entry.getKey())) {
				problem("observed.json has a knob that is not known: " + Shown.text(entry.getKey()));
				continue;
			}
			Status status = status(text(entry.getValue(), "status"));
			if (status == null) {
				damage("knobs", "observed.json does not say whether " + entry.getKey() + " was read");
				continue;
			}
			readings.put(entry.getKey(), new Reading(status, scalar(entry.getValue(), "start"),
					scalar(entry.getValue(), "end"), text(entry.getValue(), "why")));
		}
		return readings;
	}

	private static @Nullable Status status(@Nullable String wire) {
		return switch (wire) {
			case "read" -> Status.READ;
			case "not-applicable" -> Status.NOT_APPLICABLE;
			case "not-available" -> Status.NOT_AVAILABLE;
			case null, default -> null;
		};
	}

	private static @Nullable Seeding seeding(JsonNode entry) {
		String generator = oneOf(entry, "generator", GENERATORS);
		String call = text(entry, "call");
		JsonNode held = entry.path("held");
		if (generator == null || call == null || !held.isBoolean()) {
			return null;
		}
		return new Seeding(generator, call, scalar(entry, "value"), held.booleanValue(), text(entry, "place"),
				count(entry));
	}

	private static @Nullable Drift drift(JsonNode entry) {
		String knob = text(entry, "knob");
		if (knob == null) {
			return null;
		}
		JsonNode undone = entry.path("undone");
		return new Drift(knob, scalar(entry, "from"), scalar(entry, "to"), text(entry, "place"),
				undone.isBoolean() && undone.booleanValue(), count(entry));
	}

	private static @Nullable Child child(JsonNode entry) {
		String kind = oneOf(entry, "kind", CHILDREN);
		JsonNode expected = entry.path("expected");
		if (kind == null || !expected.isBoolean()) {
			return null;
		}
		return new Child(texts(entry, "argv"), kind, text(entry, "place"), expected.booleanValue(), text(entry, "why"),
				text(entry, "record"), count(entry));
	}

	private <T> List<T> list(JsonNode observed, String part, Function<JsonNode, @Nullable T> read) {
		List<T> entries = new ArrayList<>();
		JsonNode list = observed.path(part);
		if (!list.isArray()) {
			lost(observed, part);
			return entries;
		}
		int odd = 0;
		for (JsonNode entry : list) {
			T value = read.apply(entry);
			if (value == null) {
				odd++;
			}
			else {
				entries.add(value);
			}
		}
		if (odd > 0) {
			damage(part, "observed.json has " + odd + " entries in " + part + " that cannot be read");
		}
		return entries;
	}

	private void lost(JsonNode observed, String part) {
		if (!this.damaged.contains("") || observed.isObject()) {
			damage(part, "observed.json has no " + part + " that can be read");
		}
	}

	private List<Operation> operations(RecordFolder folder) {
		if (!folder.has("operations.jsonl")) {
			return List.of();
		}
		Map<OperationKey, Operation> operations = new LinkedHashMap<>();
		int[] odd = new int[2];
		try (InputStream in = this.budget.lines(folder.open("operations.jsonl"))) {
			List<String> left = BoundedJson.lines(in, "operations.jsonl", (line) -> {
				Operation operation = operation(line);
				if (operation == null) {
					odd[0]++;
					return;
				}
				OperationKey key = new OperationKey(operation.operation(), operation.kind(), operation.place());
				if (operations.size() < BoundedTree.MAX_ENTRIES || operations.containsKey(key)) {
					operations.merge(key, operation, (one, other) -> (one.count() >= other.count()) ? one : other);
				}
				else {
					odd[1]++;
				}
			});
			left.forEach(this::problem);
			if (this.budget.linesSpent()) {
				problem("operations.jsonl was not read to its end: the record's lines are too many in all");
			}
		}
		catch (UnreadableRecordException ex) {
			this.problems.add(message(ex));
		}
		catch (IOException ex) {
			problem("operations.jsonl cannot be read");
		}
		if (odd[0] > 0) {
			problem("operations.jsonl has " + odd[0] + " lines that are no operation");
		}
		if (odd[1] > 0) {
			problem("operations.jsonl has more than " + BoundedTree.MAX_ENTRIES + " operations; the rest was left out");
		}
		return List.copyOf(operations.values());
	}

	private static @Nullable Operation operation(JsonNode line) {
		String operation = text(line, "operation");
		String kind = oneOf(line, "kind", OPERATIONS);
		if (operation == null || kind == null) {
			return null;
		}
		return new Operation(operation, kind, text(line, "place"), text(line, "function"), count(line));
	}

	private @Nullable Result result(RecordFolder folder) {
		if (!folder.has("result.json")) {
			return null;
		}
		try {
			JsonNode result = json(folder, "result.json", this.budget).root();
			String outcome = oneOf(result, "outcome", OUTCOMES);
			if (outcome == null) {
				problem("result.json does not say how the program ended");
				return null;
			}
			JsonNode exitCode = result.path("exitCode");
			JsonNode exception = result.path("exception");
			return new Result(outcome, exitCode.isInt() ? Integer.valueOf(exitCode.intValue()) : null,
					text(exception, "type"), text(exception, "message"), text(result, "operation"),
					text(result, "place"), text(result, "function"), result.path("ended").asDoubleOpt().isPresent()
							? Double.valueOf(result.path("ended").asDouble()) : null);
		}
		catch (UnreadableRecordException ex) {
			this.problems.add(message(ex));
			return null;
		}
	}

	private static BoundedTree json(RecordFolder folder, String file, ReadBudget budget)
			throws UnreadableRecordException {
		byte[] bytes = folder.bytes(file, BoundedJson.MAX_BYTES);
		budget.spend(bytes.length, folder.path(file));
		BoundedTree tree = BoundedJson.parseCut(bytes, folder.path(file));
		JsonNode schema = tree.root().path("schema");
		if (!schema.isInt() || schema.intValue() != 1) {
			throw new UnreadableRecordException(folder.path(file) + " is not of schema 1");
		}
		return tree;
	}

	private static JsonNode part(JsonNode root, String name) {
		JsonNode part = root.path(name);
		return part.isObject() ? part : NullNode.getInstance();
	}

	private static @Nullable String text(JsonNode node, String name) {
		JsonNode value = node.path(name);
		return value.isString() ? value.stringValue() : null;
	}

	private static List<String> texts(JsonNode node, String name) {
		List<String> texts = new ArrayList<>();
		for (JsonNode value : node.path(name)) {
			if (value.isString()) {
				texts.add(value.stringValue());
			}
		}
		return texts;
	}

	/**
	 * A value as it stands; JSON null where there is none.
	 */
	private static JsonNode scalar(JsonNode node, String name) {
		JsonNode value = node.get(name);
		return (value != null) ? value : NullNode.getInstance();
	}

	private static long count(JsonNode node) {
		JsonNode count = node.path("count");
		return (count.isIntegralNumber() && count.canConvertToLong()) ? Math.max(1, count.longValue()) : 1;
	}

	private static @Nullable String oneOf(JsonNode node, String name, Set<String> allowed) {
		String text = text(node, name);
		return (text != null && allowed.contains(text)) ? text : null;
	}

	private void damage(String part, String what) {
		this.damaged.add(part);
		problem(what);
	}

	private void problem(String what) {
		if (this.problems.size() < MAX_PROBLEMS) {
			this.problems.add("record/" + this.process + ": " + what);
		}
	}

	private static String message(UnreadableRecordException ex) {
		return String.valueOf(ex.getMessage());
	}

	private record OperationKey(String operation, String kind, @Nullable String place) {
	}

}
