package dev.reprise.diff.reader.tensor;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

import dev.reprise.artifact.Digest;
import dev.reprise.artifact.ListedFile;
import dev.reprise.diff.reader.TensorFiles;
import dev.reprise.diff.reader.bytes.JobFile;
import dev.reprise.diff.reader.bytes.NotReadException;

/**
 * Writes small files of tensors, and opens bytes as if they were an output.
 */
public final class TensorBytes {

	private TensorBytes() {
	}

	public static byte[] floats(float... values) {
		ByteBuffer buffer = ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
		for (float value : values) {
			buffer.putFloat(value);
		}
		return buffer.array();
	}

	public static byte[] doubles(double... values) {
		ByteBuffer buffer = ByteBuffer.allocate(values.length * Double.BYTES).order(ByteOrder.LITTLE_ENDIAN);
		for (double value : values) {
			buffer.putDouble(value);
		}
		return buffer.array();
	}

	public static byte[] longs(long... values) {
		ByteBuffer buffer = ByteBuffer.allocate(values.length * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
		for (long value : values) {
			buffer.putLong(value);
		}
		return buffer.array();
	}

	/**
	 * A safetensors file of one tensor {@code w} of one dimension.
	 */
	public static byte[] safetensors(String dtype, int elements, byte[] data) {
		String header = "{\"w\":{\"dtype\":\"" + dtype + "\",\"shape\":[" + elements + "],\"data_offsets\":[0,"
				+ data.length + "]}}";
		return safetensors(header, data);
	}

	public static byte[] safetensors(String header, byte[] data) {
		byte[] text = header.getBytes(StandardCharsets.UTF_8);
		return ByteBuffer.allocate(Long.BYTES + text.length + data.length)
			.order(ByteOrder.LITTLE_ENDIAN)
			.putLong(text.length)
			.put(text)
			.put(data)
			.array();
	}

	public static byte[] npy(String header, byte[] data) {
		byte[] text = (header + "\n").getBytes(StandardCharsets.ISO_8859_1);
		return ByteBuffer.allocate(10 + text.length + data.length)
			.order(ByteOrder.LITTLE_ENDIAN)
			.put(new byte[] { (byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0 })
			.putShort((short) text.length)
			.put(text)
			.put(data)
			.array();
	}

	public static byte[] npz(byte[]... arrays) {
		ByteArrayOutputStream bytes = new ByteArrayOutputStream();
		try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
			for (int i = 0; i < arrays.length; i++) {
				ZipEntry entry = new ZipEntry("arr_" + i + ".npy");
				entry.setTime(0);
				zip.putNextEntry(entry);
				zip.write(arrays[i]);
				zip.closeEntry();
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		return bytes.toByteArray();
	}

	/**
	 * Writes the bytes and opens them under a name.
	 */
	public static JobFile open(Path folder, String name, byte[] bytes) throws IOException {
		return openAt(Files.createTempFile(folder, "output", ".bin"), name, bytes);
	}

	/**
	 * Writes the bytes to a file that may be there, and opens it under a name.
	 */
	public static JobFile openAt(Path file, String name, byte[] bytes) throws IOException {
		Files.write(file, bytes);
		return JobFile.open(file, new ListedFile(name, "644", bytes.length, Digest.of(bytes)));
	}

	/**
	 * Reads the bytes as a file of that name.
	 */
	public static TensorFile read(Path folder, String name, byte[] bytes) throws IOException {
		JobFile file = open(folder, name, bytes);
		TensorFile.Format format = TensorFiles.format(file);
		if (format == null) {
			throw new NotReadException("no format");
		}
		return TensorFiles.read(file, format);
	}

}
