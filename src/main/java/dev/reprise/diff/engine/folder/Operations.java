package dev.reprise.diff.engine.folder;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;

import dev.reprise.record.BoundedJson;
import dev.reprise.record.UnreadableRecordException;
import tools.jackson.databind.JsonNode;

/**
 * Reads which operations were reported to have no deterministic implementation. They are
 * evidence for causes and nothing more: what cannot be read is passed over.
 */
final class Operations {

	private static final int MAX_BYTES = 16 * 1024 * 1024;

	private static final int MAX_LINES = 65_536;

	private static final int MAX_KEPT = 100;

	private Operations() {
	}

	static void addWarned(Path file, List<String> warned) {
		if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
			return;
		}
		try (InputStream in = Files.newInputStream(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
			byte[] bytes = in.readNBytes(MAX_BYTES);
			int start = 0;
			int lines = 0;
			for (int i = 0; i < bytes.length && lines < MAX_LINES && warned.size() < MAX_KEPT; i++) {
				if (bytes[i] == '\n') {
					addLine(Arrays.copyOfRange(bytes, start, i), warned);
					start = i + 1;
					lines++;
				}
			}
		}
		catch (IOException ex) {
			// passed over, as above
		}
	}

	private static void addLine(byte[] line, List<String> warned) {
		try {
			JsonNode node = BoundedJson.parse(line, "a line");
			String operation = JsonParts.text(node, "operation");
			if (operation != null && JsonParts.text(node, "kind", "").equals("warned")) {
				String place = JsonParts.text(node, "place");
				String warning = operation + ((place != null) ? " at " + place : "");
				if (!warned.contains(warning)) {
					warned.add(warning);
				}
			}
		}
		catch (UnreadableRecordException ex) {
			// passed over, as above
		}
	}

}
