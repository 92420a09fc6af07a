package dev.reprise.diff.reader.tensor.numpy;

import java.io.IOException;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

import dev.reprise.diff.reader.bytes.JobFile;
import dev.reprise.diff.reader.bytes.NotReadException;
import dev.reprise.diff.reader.tensor.Tensor;
import dev.reprise.diff.reader.tensor.TensorFile;
import dev.reprise.diff.reader.zip.ZipDirectory;
import dev.reprise.diff.reader.zip.ZipEntry;

/**
 * A npz file: a zip of npy files, one for each array.
 */
public final class Npz {

	private static final String SUFFIX = ".npy";

	private Npz() {
	}

	/**
	 * Reads the headers.
	 * @throws NotReadException if it holds something other than arrays
	 */
	public static TensorFile read(JobFile file) throws IOException {
		SortedMap<String, Tensor> tensors = new TreeMap<>();
		for (ZipEntry entry : ZipDirectory.read(file).entries()) {
			if (!entry.name().endsWith(SUFFIX)) {
				throw new NotReadException("it holds something other than arrays");
			}
			String name = entry.name().substring(0, entry.name().length() - SUFFIX.length());
			tensors.put(name, Npy.tensor(name, entry.content()));
		}
		return new TensorFile(TensorFile.Format.NPZ, tensors, Map.of());
	}

}
