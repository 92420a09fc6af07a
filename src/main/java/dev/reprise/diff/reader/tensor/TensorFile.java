package dev.reprise.diff.reader.tensor;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a file of tensors holds: nothing but this, or it is not read.
 *
 * @param format how the file is written
 * @param tensors its tensors by name
 * @param metadata what it says beside them
 */
public record TensorFile(Format format, SortedMap<String, Tensor> tensors, Map<String, String> metadata) {

	public TensorFile {
		tensors = Collections.unmodifiableSortedMap(new TreeMap<>(tensors));
		metadata = Map.copyOf(metadata);
	}

	/**
	 * The formats that are read.
	 */
	public enum Format {

		/**
		 * Tensors behind a JSON header.
		 */
		SAFETENSORS,

		/**
		 * One array of numpy.
		 */
		NPY,

		/**
		 * Several of them in a zip.
		 */
		NPZ,

		/**
		 * What {@code torch.save} writes, as a zip since version 1.6 or as it was before.
		 */
		TORCH,

		/**
		 * What {@code pickle.dump} writes.
		 */
		PICKLE,

		/**
		 * The index of tensors that lie in several files beside it.
		 */
		SHARDS,

		/**
		 * A model whose initializers are its tensors.
		 */
		ONNX,

		/**
		 * Groups and datasets, as Keras and h5py write them.
		 */
		HDF5

	}

	/**
	 * How many tensors the file holds.
	 */
	public int count() {
		return this.tensors.size();
	}

}
