package dev.reprise.diff.reader.tensor.numpy;

import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.TreeMap;

import dev.reprise.diff.reader.bytes.Extent;
import dev.reprise.diff.reader.bytes.JobFile;
import dev.reprise.diff.reader.bytes.NotReadException;
import dev.reprise.diff.reader.bytes.Stretch;
import dev.reprise.diff.reader.tensor.Tensor;
import dev.reprise.diff.reader.tensor.TensorFile;

/**
 * A npy file: one array, called {@code array} here since it has no name.
 */
public final class Npy {

	private Npy() {
	}

	/**
	 * Reads the header.
	 * @throws NotReadException if it is not one that numpy writes
	 */
	public static TensorFile read(JobFile file) throws IOException {
		Tensor tensor = tensor("array", Stretch.of(file, 0, file.size()));
		return new TensorFile(TensorFile.Format.NPY, new TreeMap<>(Map.of("array", tensor)), Map.of());
	}

	/**
	 * The array in an extent.
	 * @throws NotReadException if it does not end where the extent does
	 */
	static Tensor tensor(String name, Extent whole) throws IOException {
		try (InputStream in = whole.open()) {
			NpyHeader header = NpyHeader.read(in);
			if (header.bytes() != whole.size() - header.length()) {
				throw new NotReadException("its array does not end where the file does");
			}
			return new Tensor(name, header.dtype(), header.shape(),
					Tensor.order(header.shape().size(), header.columnsFirst()), header.bigEndian(),
					whole.part(header.length(), header.bytes()));
		}
	}

}
