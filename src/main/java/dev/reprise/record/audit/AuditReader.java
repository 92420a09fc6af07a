package dev.reprise.record.audit;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Pattern;

import dev.reprise.record.BoundedJson;
import dev.reprise.record.BoundedTree;
import dev.reprise.record.RecordFolder;
import dev.reprise.record.UnreadableRecordException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Reads {@code audit.json} of each process of a record, with bounds. What is odd is left
 * out and said, never taken for something harmless.
 */
public final class AuditReader {

	private static final String FILE = "audit.json";

	private static final Pattern PROCESS = Pattern.compile("[a-z0-9][a-z0-9-]{0,63}");

	private static final Set<String> PHASES = Set.of("forward", "backward", "step", "other");

	/**
	 * Most processes whose audits are read.
	 */
	private static final int MAX_PROCESSES = 16;

	private AuditReader() {
	}

	/**
	 * Reads the audits of a record folder; none where no process left one.
	 * @param recordFolder the folder that {@code record/} lies in; its processes are gone
	 */
	public static List<Audit> read(Path recordFolder) {
		List<Audit> audits = new ArrayList<>();
		try (RecordFolder outer = RecordFolder.open(recordFolder); RecordFolder record = outer.folder("record")) {
			for (String name : names(record)) {
				try (RecordFolder process = record.folder(name)) {
					if (!process.has(FILE)) {
						continue;
					}
					if (audits.size() == MAX_PROCESSES) {
						audits
							.add(unread(name, "The audits of more than " + MAX_PROCESSES + " processes are not read."));
						break;
					}
					audits.add(one(name, process));
				}
				catch (UnreadableRecordException ex) {
					audits.add(unread(name, String.valueOf(ex.getMessage())));
				}
			}
		}
		catch (UnreadableRecordException ex) {
			return List.of();
		}
		return audits;
	}

	private static Set<String> names(RecordFolder record) throws UnreadableRecordException {
		Set<String> names = new TreeSet<>((one, other) -> {
			boolean first = one.equals("main") || other.equals("main");
			return (first && !one.equals(other)) ? (one.equals("main") ? -1 : 1) : one.compareTo(other);
		});
		record.forEachName(65_536, (name) -> {
			if (PROCESS.matcher(name).matches()) {
				names.add(name);
			}
		});
		return names;
	}

	private static Audit unread(String process, String why) {
		return new Audit(process, null, List.of(), List.of(), List.of(why));
	}

	private static Audit one(String process, RecordFolder folder) throws UnreadableRecordException {
		BoundedTree tree = BoundedJson.parseCut(folder.bytes(FILE, BoundedJson.MAX_BYTES), folder.path(FILE));
		JsonNode root = tree.root();
		if (!root.path("schema").isInt() || root.path("schema").intValue() != 1) {
			throw new UnreadableRecordException(folder.path(FILE) + " is not of schema 1");
		}
		List<String> incomplete = new ArrayList<>();
		JsonNode said = root.path("incomplete");
		for (JsonNode why : said) {
			incomplete.add(why.isString() ? why.stringValue() : "audit.json does not say in words what is missing.");
		}
		if (!said.isArray() || !root.path("done").isBoolean()) {
			incomplete.add("audit.json does not say whether it is complete.");
		}
		else if (!root.path("done").booleanValue()) {
			incomplete.add("The process ended within the step.");
		}
		if (!tree.cut().isEmpty()) {
			incomplete.add("audit.json has longer lists than are read.");
		}
		if (!root.path("leftOut").isIntegralNumber() || root.path("leftOut").longValue() != 0) {
			incomplete.add("Not all operators are in audit.json.");
		}
		List<Audit.Operator> operators = list(root, "operators", AuditReader::operator, incomplete);
		List<Audit.Called> functions = list(root, "functions", AuditReader::function, incomplete);
		if (operators.isEmpty() && incomplete.isEmpty()) {
			incomplete.add("audit.json lists no operator.");
		}
		return new Audit(process, text(root, "torch"), operators, functions, incomplete);
	}

	private static <T> List<T> list(JsonNode root, String name, Function<JsonNode, @Nullable T> read,
			List<String> incomplete) {
		List<T> found = new ArrayList<>();
		int odd = root.path(name).isArray() ? 0 : 1;
		for (JsonNode entry : root.path(name)) {
			T value = read.apply(entry);
			if (value == null) {
				odd++;
			}
			else {
				found.add(value);
			}
		}
		if (odd > 0) {
			incomplete.add("audit.json has " + name + " that cannot be read.");
		}
		return found;
	}

	private static Audit.@Nullable Operator operator(JsonNode entry) {
		String name = text(entry, "operator");
		String phase = text(entry, "phase");
		long count = count(entry);
		if (name == null || phase == null || !PHASES.contains(phase) || count < 1) {
			return null;
		}
		List<String> dtypes = new ArrayList<>();
		for (JsonNode dtype : entry.path("dtypes")) {
			if (dtype.isString()) {
				dtypes.add(dtype.stringValue());
			}
		}
		Map<String, List<JsonNode>> arguments = new LinkedHashMap<>();
		for (Map.Entry<String, JsonNode> argument : entry.path("arguments").properties()) {
			List<JsonNode> values = new ArrayList<>();
			argument.getValue().forEach(values::add);
			arguments.put(argument.getKey(), List.copyOf(values));
		}
		return new Audit.Operator(name, phase, count, text(entry, "place"), dtypes, arguments);
	}

	private static Audit.@Nullable Called function(JsonNode entry) {
		String name = text(entry, "function");
		String phase = text(entry, "phase");
		long count = count(entry);
		return (name != null && phase != null && PHASES.contains(phase) && count >= 1)
				? new Audit.Called(name, phase, count, text(entry, "place")) : null;
	}

	private static @Nullable String text(JsonNode node, String name) {
		JsonNode value = node.path(name);
		return value.isString() ? value.stringValue() : null;
	}

	private static long count(JsonNode entry) {
		JsonNode count = entry.path("count");
		return (count.isIntegralNumber() && count.canConvertToLong()) ? count.longValue() : 0;
	}

}
