package dev.reprise.diff.reader.tensor.safetensors;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

import dev.reprise.diff.reader.bytes.JobFile;
import dev.reprise.diff.reader.bytes.LittleEndian;
import dev.reprise.diff.reader.bytes.NotReadException;
import dev.reprise.diff.reader.bytes.Stretch;
import dev.reprise.diff.reader.tensor.Dtype;
import dev.reprise.diff.reader.tensor.Tensor;
import dev.reprise.diff.reader.tensor.TensorFile;
import dev.reprise.record.BoundedJson;
import dev.reprise.record.UnreadableRecordException;
import tools.jackson.databind.JsonNode;

/**
 * The safetensors format: eight bytes of length, a JSON header, the tensors' bytes. Its
 * tensors must fill the rest of the file without a gap or an overlap, as the format
 * demands, so that no byte of two files with equal tensors is unaccounted for.
 *
 * @see <a href="https://github.com/huggingface/safetensors">safetensors</a>
 */
public final class Safetensors {

	static final int MAX_HEADER = 8 * 1024 * 1024;

	static final int MAX_TENSORS = 100_000;

	private static final String METADATA = "__metadata__";

	private Safetensors() {
	}

	/**
	 * Whether a file that begins so may be one.
	 */
	public static boolean begins(byte[] head, long size) {
		if (head.length < 9 || head[8] != '{') {
			return false;
		}
		long header = length(head);
		return header >= 2 && header <= MAX_HEADER && header <= size - Long.BYTES;
	}

	/**
	 * Reads the header.
	 * @throws NotReadException if it lies
	 */
	public static TensorFile read(JobFile file) throws NotReadException {
		if (file.size() < Long.BYTES + 2) {
			throw new NotReadException("it is too short for a safetensors file");
		}
		long length = length(file.read(0, Long.BYTES));
		if (length < 2 || length > file.size() - Long.BYTES) {
			throw new NotReadException("the length of its header lies: it is longer than the file");
		}
		if (length > MAX_HEADER) {
			throw new NotReadException("its header is larger than " + MAX_HEADER + " bytes");
		}
		JsonNode header = header(file.read(Long.BYTES, (int) length));
		long start = Long.BYTES + length;
		Map<String, String> metadata = new HashMap<>();
		List<Placed> placed = new ArrayList<>();
		for (Map.Entry<String, JsonNode> entry : header.properties()) {
			if (entry.getKey().equals(METADATA)) {
				metadata.putAll(metadata(entry.getValue()));
			}
			else {
				placed.add(tensor(file, start, entry.getKey(), entry.getValue()));
			}
		}
		return new TensorFile(TensorFile.Format.SAFETENSORS, withoutGaps(placed, file.size() - start), metadata);
	}

	/**
	 * A JSON parser guesses UTF-16 and UTF-32 from their zeros; the format is UTF-8 and
	 * begins with its brace.
	 */
	private static JsonNode header(byte[] bytes) throws NotReadException {
		if (bytes[0] != '{' || bytes[1] == 0) {
			throw new NotReadException("its header does not begin as one");
		}
		try {
			JsonNode header = BoundedJson.parse(bytes, "its header");
			if (!header.isObject()) {
				throw new NotReadException("its header is no JSON object");
			}
			if (header.size() > MAX_TENSORS) {
				throw new NotReadException("it names more than " + MAX_TENSORS + " tensors");
			}
			return header;
		}
		catch (UnreadableRecordException ex) {
			throw new NotReadException("its header is no JSON that can be read");
		}
	}

	private static Map<String, String> metadata(JsonNode node) throws NotReadException {
		if (!node.isObject()) {
			throw new NotReadException("its metadata is no JSON object");
		}
		Map<String, String> metadata = new HashMap<>();
		for (Map.Entry<String, JsonNode> entry : node.properties()) {
			if (!entry.getValue().isString()) {
				throw new NotReadException("its metadata holds something other than text");
			}
			metadata.put(entry.getKey(), entry.getValue().stringValue());
		}
		return metadata;
	}

	private static Placed tensor(JobFile file, long start, String name, JsonNode node) throws NotReadException {
		if (node.size() != 3) {
			throw new NotReadException("a tensor says more or less than its type, shape and offsets");
		}
		JsonNode type = node.path("dtype");
		Dtype dtype = type.isString() ? Dtype.named(type.stringValue()) : null;
		if (dtype == null) {
			throw new NotReadException("a tensor has a type that is not read here");
		}
		List<Long> shape = numbers(node.path("shape"), "shape");
		List<Long> offsets = numbers(node.path("data_offsets"), "data_offsets");
		long bytes = Tensor.elements(shape, dtype) * dtype.bytes();
		if (offsets.size() != 2 || offsets.get(0) < 0 || offsets.get(1) - offsets.get(0) != bytes) {
			throw new NotReadException("a tensor's offsets do not fit its shape");
		}
		long from = offsets.get(0);
		return new Placed(from, offsets.get(1), new Tensor(name, dtype, shape, Tensor.order(shape.size(), false), false,
				new Stretch(file, start + from, bytes)));
	}

	private static List<Long> numbers(JsonNode node, String what) throws NotReadException {
		if (!node.isArray() || node.size() > Tensor.MAX_DIMENSIONS) {
			throw new NotReadException("a tensor's " + what + " is no short list of numbers");
		}
		List<Long> numbers = new ArrayList<>();
		for (JsonNode number : node) {
			if (!number.isIntegralNumber() || !number.canConvertToLong()) {
				throw new NotReadException("a tensor's " + what + " is no short list of numbers");
			}
			numbers.add(number.longValue());
		}
		return numbers;
	}

	private static SortedMap<String, Tensor> withoutGaps(List<Placed> placed, long size) throws NotReadException {
		placed.sort(Comparator.comparingLong(Placed::from).thenComparingLong(Placed::to));
		SortedMap<String, Tensor> tensors = new TreeMap<>();
		long at = 0;
		for (Placed next : placed) {
			if (next.from() != at) {
				throw new NotReadException("its tensors overlap or leave a gap");
			}
			at = next.to();
			tensors.put(next.tensor().name(), next.tensor());
		}
		if (at != size) {
			throw new NotReadException("its tensors do not end where the file does");
		}
		return tensors;
	}

	private static long length(byte[] head) {
		return LittleEndian.eight(head, 0);
	}

	private record Placed(long from, long to, Tensor tensor) {
	}

}
