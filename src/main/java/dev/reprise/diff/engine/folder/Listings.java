package dev.reprise.diff.engine.folder;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

import dev.reprise.artifact.Digest;
import dev.reprise.artifact.ListedFile;
import dev.reprise.artifact.Listing;
import dev.reprise.diff.reader.bytes.PlainText;
import dev.reprise.record.UnreadableRecordException;
import tools.jackson.databind.JsonNode;

/**
 * What the service listed of a run: its code, its inputs, what it left.
 *
 * @param code files of the code
 * @param codeUnread whether there was more of the code, which was not read
 * @param inputs files of each input
 * @param outputs files that match the spec's patterns
 * @param unmatched new or changed files that match none
 * @param refused what was left and is no regular file
 * @param deleted paths of the code at which nothing was left
 */
public record Listings(Listing code, boolean codeUnread, SortedMap<String, Listing> inputs, Listing outputs,
		List<ListedFile> unmatched, List<Refused> refused, SortedSet<String> deleted) {

	/**
	 * The input that stands for files which were there before a local run and were
	 * written over by it.
	 */
	public static final String OVERWRITTEN = "overwritten";

	public Listings {
		inputs = Collections.unmodifiableSortedMap(new TreeMap<>(inputs));
		unmatched = List.copyOf(unmatched);
		refused = List.copyOf(refused);
		deleted = Collections.unmodifiableSortedSet(new TreeSet<>(deleted));
	}

	/**
	 * Something among the outputs that was not taken: a link, a pipe, a device.
	 *
	 * @param path where, fit to be shown
	 * @param reason why
	 */
	public record Refused(String path, String reason) {
	}

	static Listings read(JsonNode node) throws UnreadableRecordException {
		Integer schema = JsonParts.integer(node, "schema");
		if (schema == null || schema != 1) {
			throw new UnreadableRecordException("listing.json is not of schema 1");
		}
		try {
			JsonNode outputs = node.path("outputs");
			SortedMap<String, Listing> inputs = new TreeMap<>();
			for (Map.Entry<String, JsonNode> input : node.path("inputs").properties()) {
				inputs.put(PlainText.of(input.getKey()), input(input.getValue()));
			}
			List<Refused> refused = new ArrayList<>();
			for (JsonNode entry : outputs.path("refused")) {
				refused
					.add(new Refused(JsonParts.text(entry, "path", "?"), JsonParts.text(entry, "reason", "unknown")));
			}
			return new Listings(listing(node.path("code"), "the code"), !node.path("code").path("unread").isEmpty(),
					inputs, listing(outputs, "the outputs"), files(outputs.path("unmatched")), refused,
					deleted(outputs.path("deleted")));
		}
		catch (IllegalArgumentException ex) {
			throw new UnreadableRecordException("listing.json: " + PlainText.of(String.valueOf(ex.getMessage())));
		}
	}

	/**
	 * An input is a tree, named by its listing, or one file, named by its own digest.
	 */
	private static Listing input(JsonNode node) throws UnreadableRecordException {
		List<ListedFile> files = files(node.path("files"));
		if (files.size() == 1 && files.getFirst().digest().value().equals(JsonParts.text(node, "digest"))) {
			return new Listing(files);
		}
		return listing(node, "an input");
	}

	private static Listing listing(JsonNode node, String what) throws UnreadableRecordException {
		if (!node.path("files").isArray()) {
			throw new UnreadableRecordException("listing.json lacks " + what);
		}
		Listing listing = new Listing(files(node.path("files")));
		if (!listing.digest().value().equals(JsonParts.text(node, "digest"))) {
			throw new UnreadableRecordException("listing.json: the digest of " + what + " is not that of its files");
		}
		return listing;
	}

	private static SortedSet<String> deleted(JsonNode node) {
		SortedSet<String> deleted = new TreeSet<>();
		for (JsonNode path : node) {
			if (!path.isString()) {
				throw new IllegalArgumentException("a deleted path is no text");
			}
			deleted.add(path.stringValue());
		}
		return deleted;
	}

	private static List<ListedFile> files(JsonNode node) {
		List<ListedFile> files = new ArrayList<>();
		for (JsonNode file : node) {
			JsonNode size = file.path("size");
			if (!size.isIntegralNumber() || !size.canConvertToLong()) {
				throw new IllegalArgumentException("a file has no size");
			}
			JsonNode path = file.path("path");
			files.add(new ListedFile(path.isString() ? path.stringValue() : "", JsonParts.text(file, "mode", "none"),
					size.longValue(), new Digest(JsonParts.text(file, "digest", ""))));
		}
		return files;
	}

}
