package dev.reprise.diff.engine.folder;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

import dev.reprise.record.BoundedJson;
import dev.reprise.record.UnreadableRecordException;
import tools.jackson.databind.JsonNode;

/**
 * Reads which operations were reported to have no deterministic implementation. They are
 * evidence for causes and nothing more: what cannot be read is passed over.
 */
public final class Operations {

	/**
	 * How keys of the recipe's premise begin that say how often an operation was used;
	 * one that differs explains no difference, it is one.
	 */
	public static final String PREFIX = "operations: ";

	private static final int MAX_BYTES = 16 * 1024 * 1024;

	private static final int MAX_LINES = 65_536;

	private static final int MAX_KEPT = 100;

	private static final int MAX_COUNTED = 1000;

	private static final Set<String> KINDS = Set.of("warned", "refused");

	private Operations() {
	}

	/**
	 * Adds what a process used.
	 * @param warned takes those that were warned of, with their places
	 * @param counts takes how often each was used, by how it ended and where; the process
	 * writes its last count last
	 */
	static void add(Path file, List<String> warned, SortedMap<String, Long> counts) {
		SortedMap<String, Long> own = new TreeMap<>();
		read(file, warned, own);
		own.forEach((key, count) -> counts.merge(key, count, Long::sum));
	}

	private static void read(Path file, List<String> warned, SortedMap<String, Long> own) {
		if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
			return;
		}
		try (InputStream in = Files.newInputStream(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
			byte[] bytes = in.readNBytes(MAX_BYTES);
			int start = 0;
			int lines = 0;
			for (int i = 0; i < bytes.length && lines < MAX_LINES; i++) {
				if (bytes[i] == '\n') {
					addLine(Arrays.copyOfRange(bytes, start, i), warned, own);
					start = i + 1;
					lines++;
				}
			}
		}
		catch (IOException ex) {
			// passed over, as above
		}
	}

	private static void addLine(byte[] line, List<String> warned, SortedMap<String, Long> own) {
		try {
			JsonNode node = BoundedJson.parse(line, "a line");
			String operation = JsonParts.text(node, "operation");
			String kind = JsonParts.text(node, "kind", "");
			if (operation == null || !KINDS.contains(kind)) {
				return;
			}
			String place = JsonParts.text(node, "place");
			String used = operation + ((place != null) ? " at " + place : "");
			if (kind.equals("warned") && warned.size() < MAX_KEPT && !warned.contains(used)) {
				warned.add(used);
			}
			JsonNode count = node.path("count");
			String key = PREFIX + kind + " " + used;
			if (own.containsKey(key) || own.size() < MAX_COUNTED) {
				own.merge(key, (count.canConvertToLong() && count.isIntegralNumber()) ? count.longValue() : 1L,
						Math::max);
			}
		}
		catch (UnreadableRecordException ex) {
			// passed over, as above
		}
	}

}
