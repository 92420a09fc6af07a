package dev.reprise.diff.reader.tensor;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.SortedSet;

import dev.reprise.diff.reader.bytes.NotReadException;
import dev.reprise.diff.reader.bytes.PlainText;
import dev.reprise.diff.reader.bytes.VerifiedPair;

import org.jspecify.annotations.Nullable;

/**
 * In what two files of tensors differ.
 *
 * @param tensors the tensors that differ, by name, at most {@link #MAX_REPORTED}
 * @param leftOut tensors that differ beyond those
 * @param compared tensors that both sides have
 * @param metadata what the files say beside their tensors and differs
 * @param metadataLeftOut entries of it that differ beyond those
 * @param within whether the tolerance that was asked for covers every difference
 */
public record TensorFileComparison(List<TensorDifference> tensors, int leftOut, int compared,
		List<MetadataDifference> metadata, int metadataLeftOut, boolean within) {

	/**
	 * Most tensors that are reported for a file.
	 */
	public static final int MAX_REPORTED = 10_000;

	/**
	 * Most entries of metadata that are reported for a file.
	 */
	public static final int MAX_METADATA = 100;

	public TensorFileComparison {
		tensors = List.copyOf(tensors);
		metadata = List.copyOf(metadata);
	}

	/**
	 * One entry of metadata that differs.
	 *
	 * @param key its name
	 * @param left the left value, null where there is none
	 * @param right the right value
	 */
	public record MetadataDifference(String key, @Nullable String left, @Nullable String right) {
	}

	/**
	 * Whether the files hold the same tensors, bit by bit.
	 */
	public boolean equalTensors() {
		return this.tensors.isEmpty();
	}

	/**
	 * Compares every tensor.
	 * @throws NotReadException if one of them cannot be read to its end
	 */
	public static TensorFileComparison compare(TensorFile left, TensorFile right, Tolerance tolerance)
			throws NotReadException {
		return compare(left, right, tolerance, null);
	}

	/**
	 * Compares every tensor.
	 * @param pair what is known of the files' bytes already; null where nothing is
	 * @throws NotReadException if one of them cannot be read to its end
	 */
	public static TensorFileComparison compare(TensorFile left, TensorFile right, Tolerance tolerance,
			@Nullable VerifiedPair pair) throws NotReadException {
		List<TensorDifference> differences = new ArrayList<>();
		int leftOut = 0;
		int compared = 0;
		boolean within = tolerance.asked();
		SortedSet<String> names = new TreeSet<>(left.tensors().keySet());
		names.addAll(right.tensors().keySet());
		for (String name : names) {
			Tensor a = left.tensors().get(name);
			Tensor b = right.tensors().get(name);
			compared += (a != null && b != null) ? 1 : 0;
			TensorDifference difference = compare(a, b, tolerance, pair);
			if (difference == null) {
				continue;
			}
			within &= difference.within();
			if (differences.size() < MAX_REPORTED) {
				differences.add(difference);
			}
			else {
				leftOut++;
			}
		}
		List<MetadataDifference> metadata = metadata(left, right);
		int kept = Math.min(metadata.size(), MAX_METADATA);
		return new TensorFileComparison(differences, leftOut, compared, metadata.subList(0, kept),
				metadata.size() - kept, within && metadata.isEmpty());
	}

	private static @Nullable TensorDifference compare(@Nullable Tensor a, @Nullable Tensor b, Tolerance tolerance,
			@Nullable VerifiedPair pair) throws NotReadException {
		if (a == null || b == null) {
			return (a != null) ? new TensorDifference.OneSide(PlainText.of(a.name()), "left", form(a))
					: (b != null) ? new TensorDifference.OneSide(PlainText.of(b.name()), "right", form(b)) : null;
		}
		if (a.dtype() != b.dtype() || !a.shape().equals(b.shape())) {
			return new TensorDifference.Forms(PlainText.of(a.name()), form(a), form(b));
		}
		return TensorComparison.compare(a, b, tolerance, pair);
	}

	private static TensorDifference.Form form(Tensor tensor) {
		return TensorDifference.Form.of(tensor);
	}

	private static List<MetadataDifference> metadata(TensorFile left, TensorFile right) {
		List<MetadataDifference> differences = new ArrayList<>();
		TreeMap<String, String> all = new TreeMap<>(left.metadata());
		all.putAll(right.metadata());
		for (String key : all.keySet()) {
			String a = left.metadata().get(key);
			String b = right.metadata().get(key);
			if (!Objects.equals(a, b)) {
				differences.add(new MetadataDifference(PlainText.of(key), (a != null) ? PlainText.of(a, 256) : null,
						(b != null) ? PlainText.of(b, 256) : null));
			}
		}
		return differences;
	}

}
