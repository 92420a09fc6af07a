package dev.reprise.diff.reader.tensor;

import java.io.IOException;
import java.util.Collections;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

import dev.reprise.diff.reader.bytes.JobFile;
import dev.reprise.diff.reader.bytes.NotReadException;

import org.jspecify.annotations.Nullable;

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

		SAFETENSORS, NPY, NPZ

	}

	/**
	 * How many tensors the file holds.
	 */
	public int count() {
		return this.tensors.size();
	}

	/**
	 * The format of a file by how it begins, and by its name where that says nothing;
	 * null where it is none that holds tensors.
	 * @throws NotReadException if it cannot be read
	 */
	public static @Nullable Format format(JobFile file) throws NotReadException {
		byte[] head = file.read(0, (int) Math.min(9, file.size()));
		String name = file.path().toLowerCase(Locale.ROOT);
		if (NpyHeader.begins(head)) {
			return Format.NPY;
		}
		if (name.endsWith(".safetensors") || Safetensors.begins(head, file.size())) {
			return Format.SAFETENSORS;
		}
		return (name.endsWith(".npz") && ZipDirectory.begins(head)) ? Format.NPZ : null;
	}

	/**
	 * Reads what a file holds, though not yet its tensors' bytes.
	 * @throws NotReadException saying what is wrong with it
	 */
	public static TensorFile read(JobFile file, Format format) throws NotReadException {
		try {
			return switch (format) {
				case SAFETENSORS -> Safetensors.read(file);
				case NPY -> Npy.read(file);
				case NPZ -> Npz.read(file);
			};
		}
		catch (NotReadException ex) {
			throw ex;
		}
		catch (IOException ex) {
			throw new NotReadException("it is damaged");
		}
	}

}
