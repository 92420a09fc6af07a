package dev.reprise.artifact;

import java.util.Collections;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * {@code listing.json}: every file that went into a run and came out of it.
 *
 * @param schema 1
 * @param code the code
 * @param inputs the inputs by their names
 * @param outputs what the job left
 */
public record RunListing(int schema, CodeListing code, Map<String, InputListing> inputs, OutputListing outputs) {

	/**
	 * Sorts the inputs by name.
	 */
	public RunListing {
		SortedMap<String, InputListing> sorted = new TreeMap<>(inputs);
		inputs = Collections.unmodifiableSortedMap(sorted);
	}

	/**
	 * A listing in the form that is written now.
	 */
	public RunListing(CodeListing code, Map<String, InputListing> inputs, OutputListing outputs) {
		this(1, code, inputs, outputs);
	}

	/**
	 * All blobs that it names.
	 */
	public Set<Digest> digests() {
		Set<Digest> named = new HashSet<>();
		named.add(this.code.digest());
		this.code.files().forEach((file) -> named.add(file.digest()));
		this.inputs.values().forEach((input) -> {
			named.add(input.digest());
			input.files().forEach((file) -> named.add(file.digest()));
		});
		this.outputs.files().forEach((file) -> named.add(file.digest()));
		return named;
	}

}
