package dev.reprise.trainer;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.Parameter;
import ai.djl.nn.ParameterList;
import ai.djl.util.Pair;

/**
 * Writes parameters as safetensors, which PyTorch reads: the length of a header in JSON,
 * the header, the numbers.
 */
final class Safetensors {

	private Safetensors() {
	}

	/**
	 * Writes a file.
	 * @throws IOException if that fails
	 */
	static void write(Path file, ParameterList parameters) throws IOException {
		List<String> entries = new ArrayList<>();
		List<float[]> values = new ArrayList<>();
		long from = 0;
		for (Pair<String, Parameter> pair : parameters) {
			NDArray array = pair.getValue().getArray();
			float[] numbers = array.toFloatArray();
			String shape = LongStream.of(array.getShape().getShape())
				.mapToObj(String::valueOf)
				.collect(Collectors.joining(","));
			long to = from + 4L * numbers.length;
			entries.add(String.format(Locale.ROOT, "\"%s\":{\"dtype\":\"F32\",\"shape\":[%s],\"data_offsets\":[%d,%d]}",
					pair.getKey(), shape, from, to));
			values.add(numbers);
			from = to;
		}
		String json = "{" + String.join(",", entries) + "}";
		byte[] header = (json + " ".repeat(Math.floorMod(-json.length(), 8))).getBytes(StandardCharsets.UTF_8);
		try (OutputStream out = Files.newOutputStream(file)) {
			out.write(ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(header.length).array());
			out.write(header);
			for (float[] numbers : values) {
				ByteBuffer bytes = ByteBuffer.allocate(4 * numbers.length).order(ByteOrder.LITTLE_ENDIAN);
				bytes.asFloatBuffer().put(numbers);
				out.write(bytes.array());
			}
		}
	}

}
