package dev.reprise.cli.runs;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

import dev.reprise.artifact.Digest;
import dev.reprise.artifact.tar.TarEntry;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.MissingNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * {@code manifest.json}, the last file of an archive: every other one with its digest. It
 * is written in one way only, so that it too is checked to the byte.
 *
 * @param run the run's id, or null where it has none
 * @param digestsOnly whether outputs and code were left out
 * @param files by their paths
 */
record Manifest(@Nullable String run, boolean digestsOnly, SortedMap<String, Item> files) {

	static final String PATH = "manifest.json";

	private static final JsonMapper JSON = JsonMapper.shared();

	Manifest {
		SortedMap<String, Item> sorted = new TreeMap<>(TarEntry.ORDER);
		sorted.putAll(files);
		files = sorted;
	}

	/**
	 * A file.
	 *
	 * @param entry its name and size
	 * @param digest of its bytes
	 */
	record Item(TarEntry entry, Digest digest) {
	}

	byte[] bytes() {
		ObjectNode node = JSON.createObjectNode()
			.put("schema", 1)
			.put("run", this.run)
			.put("digestsOnly", this.digestsOnly);
		ArrayNode list = node.putArray("files");
		this.files.values()
			.forEach((item) -> list.addObject()
				.put("path", item.entry().path())
				.put("mode", item.entry().executable() ? "755" : "644")
				.put("size", item.entry().size())
				.put("digest", item.digest().value()));
		return (node.toPrettyString() + "\n").getBytes(StandardCharsets.UTF_8);
	}

	/**
	 * In what a manifest that was read differs from what is there.
	 * @param read its bytes
	 * @param found what the archive holds
	 * @return sentences, none where it is the one that belongs there
	 */
	static List<String> problems(byte[] read, SortedMap<String, Item> found) {
		JsonNode node = json(read);
		Manifest right = new Manifest(run(node), digestsOnly(node), found);
		if (Arrays.equals(right.bytes(), read)) {
			return List.of();
		}
		List<String> problems = new ArrayList<>();
		SortedMap<String, String> said = new TreeMap<>(TarEntry.ORDER);
		for (JsonNode file : node.path("files")) {
			said.put(file.path("path").asString(""), file.path("digest").asString(""));
		}
		found.forEach((path, item) -> {
			String digest = said.remove(path);
			if (digest == null) {
				problems.add(path + " is not in manifest.json");
			}
			else if (!digest.equals(item.digest().value())) {
				problems.add(path + " is not what manifest.json says: it is " + item.digest());
			}
		});
		said.keySet().forEach((path) -> problems.add(path + " is in manifest.json and not in the archive"));
		return problems.isEmpty() ? List.of("manifest.json was changed") : problems;
	}

	/**
	 * A manifest that was read; missing where it is no JSON.
	 */
	static JsonNode json(byte[] read) {
		try {
			return JSON.readTree(read);
		}
		catch (JacksonException ex) {
			return MissingNode.getInstance();
		}
	}

	static @Nullable String run(JsonNode node) {
		return node.path("run").isString() ? node.path("run").stringValue() : null;
	}

	static boolean digestsOnly(JsonNode node) {
		return node.path("digestsOnly").isBoolean() && node.path("digestsOnly").booleanValue();
	}

}
