package dev.reprise.diff.reader;

import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

import dev.reprise.diff.reader.bytes.JobFile;
import dev.reprise.diff.reader.bytes.NotReadException;
import dev.reprise.diff.reader.bytes.PlainText;
import dev.reprise.diff.reader.tensor.Tensor;
import dev.reprise.diff.reader.tensor.TensorFile;
import dev.reprise.record.BoundedJson;
import dev.reprise.record.UnreadableRecordException;
import tools.jackson.databind.JsonNode;

import org.jspecify.annotations.Nullable;

/**
 * The index of a checkpoint that lies in several files: which tensor is in which of them.
 * The tensors of all are one set, so that two checkpoints can be compared by name that
 * were cut at other places. Index and files must agree: every tensor is named once, and
 * lies where it is said to.
 */
final class Shards {

	private static final int MAX_INDEX = 16 * 1024 * 1024;

	private static final int MAX_TENSORS = 200_000;

	private Shards() {
	}

	/**
	 * Whether a file of that name, in lower case, is an index.
	 */
	static boolean isIndex(String name) {
		return name.endsWith(".safetensors.index.json") || name.endsWith(".bin.index.json");
	}

	static TensorFile read(JobFile index) throws IOException {
		JsonNode json = json(index);
		JsonNode places = json.path("weight_map");
		if (!places.isObject() || places.size() > MAX_TENSORS) {
			throw new NotReadException("its weight_map is no object, or has more than " + MAX_TENSORS + " entries");
		}
		Map<String, Set<String>> shards = new TreeMap<>();
		for (Map.Entry<String, JsonNode> place : places.properties()) {
			if (!place.getValue().isString()) {
				throw new NotReadException("its weight_map holds something other than text");
			}
			shards.computeIfAbsent(place.getValue().stringValue(), (name) -> new HashSet<>()).add(place.getKey());
		}
		SortedMap<String, Tensor> tensors = new TreeMap<>();
		Map<String, String> metadata = new HashMap<>();
		about(json, metadata);
		for (Map.Entry<String, Set<String>> shard : shards.entrySet()) {
			TensorFile file = shard(index, shard.getKey());
			if (!file.tensors().keySet().equals(shard.getValue())) {
				throw new NotReadException(
						"it does not name the tensors that " + PlainText.of(shard.getKey(), 200) + " holds");
			}
			tensors.putAll(file.tensors());
			file.metadata().forEach((key, value) -> addOnce(metadata, key, value));
		}
		return new TensorFile(TensorFile.Format.SHARDS, tensors, metadata);
	}

	private static TensorFile shard(JobFile index, String name) throws IOException {
		JobFile file = index.beside(name);
		TensorFile.@Nullable Format format = TensorFiles.format(file);
		if (format != TensorFile.Format.SAFETENSORS && format != TensorFile.Format.TORCH) {
			throw new NotReadException("it names a file that holds no tensors: " + PlainText.of(name, 200));
		}
		return TensorFiles.read(file, format);
	}

	/** What the shards say alike is said once; what they say apart, all of it. */
	private static void addOnce(Map<String, String> metadata, String key, String value) {
		String before = metadata.get("shards." + key);
		metadata.put("shards." + key, (before == null || before.equals(value)) ? value : before + "; " + value);
	}

	private static void about(JsonNode index, Map<String, String> metadata) {
		for (Map.Entry<String, JsonNode> entry : index.properties()) {
			if (!entry.getKey().equals("weight_map")) {
				metadata.put(entry.getKey(), entry.getValue().toString());
			}
		}
	}

	private static JsonNode json(JobFile index) throws NotReadException {
		if (index.size() > MAX_INDEX) {
			throw new NotReadException("it is larger than " + MAX_INDEX + " bytes");
		}
		try {
			JsonNode json = BoundedJson.parse(index.read(0, (int) index.size()), "the index");
			if (json.isObject()) {
				return json;
			}
		}
		catch (UnreadableRecordException ex) {
			throw new NotReadException("it is no JSON that can be read");
		}
		throw new NotReadException("it is no JSON object");
	}

}
