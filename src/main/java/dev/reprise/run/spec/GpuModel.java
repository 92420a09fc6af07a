package dev.reprise.run.spec;

import java.util.Arrays;
import java.util.Comparator;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

/**
 * A kind of GPU that runs are given. All GPUs of one run are of one model: parts of a sum
 * that are computed on two kinds differ in their bits.
 *
 * @param name as the driver says it, with the profile behind it where it is a part of a
 * GPU
 * @param part whether it is a part that a GPU was divided into (MIG): a process can use
 * one such part at a time, so a run is given no more than one
 */
public record GpuModel(String name, boolean part) implements Comparable<GpuModel> {

	/**
	 * Whether this is what a spec asks for: every word of it is one of the name's, in any
	 * case. So A100 is no A10, and H200 is an NVIDIA H200.
	 * @param asked null for any model
	 */
	public boolean fits(@Nullable String asked) {
		return asked == null || words(this.name).containsAll(words(asked));
	}

	private static Set<String> words(String name) {
		return Arrays.stream(name.toLowerCase(Locale.ROOT).split("[\\s_-]+"))
			.filter((word) -> !word.isEmpty())
			.collect(Collectors.toSet());
	}

	@Override
	public int compareTo(GpuModel other) {
		return Comparator.comparing(GpuModel::name).thenComparing(GpuModel::part).compare(this, other);
	}

}
