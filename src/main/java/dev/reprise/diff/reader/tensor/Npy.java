package dev.reprise.diff.reader.tensor;

import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.TreeMap;

import dev.reprise.diff.reader.bytes.JobFile;
import dev.reprise.diff.reader.bytes.NotReadException;

/**
 * A npy file: one array, called {@code array} here since it has no name.
 */
final class Npy {

	private Npy() {
	}

	static TensorFile read(JobFile file) throws IOException {
		NpyHeader header = NpyHeader.read(file.stream(0, file.size()));
		Tensor tensor = tensor("array", header, file.size(), () -> file.stream(0, file.size()));
		return new TensorFile(TensorFile.Format.NPY, new TreeMap<>(Map.of("array", tensor)), Map.of());
	}

	/**
	 * The array in a stream of {@code size} bytes.
	 * @throws NotReadException if it does not end where the stream does
	 */
	static Tensor tensor(String name, NpyHeader header, long size, Tensor.Source whole) throws NotReadException {
		if (header.bytes() != size - header.length()) {
			throw new NotReadException("its array does not end where the file does");
		}
		return new Tensor(name, header.dtype(), header.shape(), header.columnsFirst(), header.bigEndian(),
				() -> behind(whole.open(), header.length()));
	}

	private static InputStream behind(InputStream in, int length) throws IOException {
		in.skipNBytes(length);
		return in;
	}

}
