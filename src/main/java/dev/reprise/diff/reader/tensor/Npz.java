package dev.reprise.diff.reader.tensor;

import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

import dev.reprise.diff.reader.bytes.JobFile;
import dev.reprise.diff.reader.bytes.NotReadException;

/**
 * A npz file: a zip of npy files, one for each array.
 */
final class Npz {

	private static final String SUFFIX = ".npy";

	private Npz() {
	}

	static TensorFile read(JobFile file) throws IOException {
		SortedMap<String, Tensor> tensors = new TreeMap<>();
		for (ZipDirectory.Entry entry : ZipDirectory.read(file).entries()) {
			if (!entry.name().endsWith(SUFFIX)) {
				throw new NotReadException("it holds something other than arrays");
			}
			String name = entry.name().substring(0, entry.name().length() - SUFFIX.length());
			try (InputStream in = entry.open(file)) {
				tensors.put(name, Npy.tensor(name, NpyHeader.read(in), entry.size(), () -> entry.open(file)));
			}
		}
		return new TensorFile(TensorFile.Format.NPZ, tensors, Map.of());
	}

}
