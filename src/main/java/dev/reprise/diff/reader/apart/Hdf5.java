package dev.reprise.diff.reader.apart;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.reflect.Array;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

import dev.reprise.artifact.Digest;
import dev.reprise.diff.reader.bytes.NotReadException;
import dev.reprise.diff.reader.tensor.Dtype;
import io.jhdf.HdfFile;
import io.jhdf.api.Attribute;
import io.jhdf.api.Dataset;
import io.jhdf.api.Group;
import io.jhdf.api.Link;
import io.jhdf.api.Node;
import io.jhdf.object.datatype.DataType;
import io.jhdf.object.datatype.EnumDataType;
import io.jhdf.object.datatype.FixedPoint;
import io.jhdf.object.datatype.FloatingPoint;

import org.jspecify.annotations.Nullable;

/**
 * Writes the datasets of an HDF5 file that hold numbers as a safetensors file, and all
 * else, attributes, texts, links, as its metadata. A link is named and never followed.
 */
final class Hdf5 {

	/** Most bytes of one dataset, and of all together. */
	private static final long MAX_DATASET = 128L << 20;

	private static final long MAX_ALL = 1L << 30;

	private static final int MAX_NODES = 20_000;

	private static final int MAX_DEPTH = 64;

	/** Longest value that is written in full. */
	private static final int MAX_TEXT = 1000;

	private static final Set<String> TRUTH = Set.of("FALSE", "TRUE");

	private final List<Numbers> tensors = new ArrayList<>();

	private final Map<String, String> beside = new TreeMap<>();

	private final long most;

	private int nodes;

	private long bytes;

	private Hdf5(long most) {
		this.most = most;
	}

	/**
	 * A dataset of numbers.
	 *
	 * @param path where it is
	 * @param dtype what its elements are
	 * @param elements how many
	 * @param dataset itself
	 */
	private record Numbers(String path, Dtype dtype, long elements, Dataset dataset) {

		long bytes() {
			return this.elements * this.dtype.bytes();
		}

	}

	static void turn(Path hdf5, Path tensors) throws IOException {
		try (HdfFile file = new HdfFile(hdf5);
				OutputStream out = new BufferedOutputStream(Files.newOutputStream(tensors))) {
			Hdf5 turned = new Hdf5(Turning.mostUnpacked(Files.size(hdf5), MAX_ALL));
			turned.attributes("/", file);
			turned.group("", file, 0);
			turned.write(out);
		}
		catch (RuntimeException ex) {
			throw NotReadException.because(ex, "it is damaged, or holds what is not read here");
		}
	}

	private void group(String at, Group group, int depth) throws NotReadException {
		if (depth > MAX_DEPTH) {
			throw new NotReadException("its groups are nested more than " + MAX_DEPTH + " deep");
		}
		for (Map.Entry<String, Node> child : group.getChildren().entrySet()) {
			if (++this.nodes > MAX_NODES) {
				throw new NotReadException("it holds more than " + MAX_NODES + " groups and datasets");
			}
			String path = at + "/" + child.getKey();
			switch (child.getValue()) {
				case Link link -> this.beside.put(path, "a link to " + link.getTargetPath());
				case Group inner -> {
					this.beside.put(path, "a group");
					attributes(path, inner);
					group(path, inner, depth + 1);
				}
				case Dataset dataset -> {
					attributes(path, dataset);
					dataset(path, dataset);
				}
				default -> throw new NotReadException("it holds what is neither a group nor a dataset");
			}
		}
	}

	private void attributes(String path, Node node) throws NotReadException {
		for (Map.Entry<String, Attribute> entry : node.getAttributes().entrySet()) {
			Attribute attribute = entry.getValue();
			long size = elements(attribute.getDimensions(), 1);
			if (size > MAX_DATASET) {
				throw new NotReadException("an attribute of it is larger than " + MAX_DATASET + " bytes");
			}
			this.beside.put(path + "@" + entry.getKey(), text(form(attribute.getDataType(), attribute.getDimensions()),
					attribute.isEmpty() ? null : attribute.getData()));
		}
	}

	private void dataset(String path, Dataset dataset) throws NotReadException {
		boolean nothing = dataset.isEmpty() && dataset.getDimensions().length == 0;
		Dtype dtype = nothing ? null : dtype(dataset.getDataType());
		long size = elements(dataset.getDimensions(), Math.max(1, dataset.getDataType().getSize()));
		if (size > MAX_DATASET) {
			throw new NotReadException("a dataset of it is larger than " + MAX_DATASET + " bytes");
		}
		this.bytes += size;
		if (this.bytes > this.most) {
			throw new NotReadException("its datasets are larger than " + this.most + " bytes together");
		}
		if (dtype != null) {
			this.tensors.add(new Numbers(path, dtype, elements(dataset.getDimensions(), 1), dataset));
		}
		else {
			this.beside.put(path, text(form(dataset.getDataType(), dataset.getDimensions()),
					dataset.isEmpty() ? null : dataset.getDataFlat()));
		}
	}

	private static long elements(int[] dimensions, long each) throws NotReadException {
		try {
			long product = each;
			for (int dimension : dimensions) {
				product = Math.multiplyExact(product, Math.max(0, dimension));
			}
			return product;
		}
		catch (ArithmeticException ex) {
			throw new NotReadException("a shape in it is larger than any file");
		}
	}

	private static @Nullable Dtype dtype(DataType type) {
		return switch (type) {
			case FloatingPoint floating -> switch (floating.getSize()) {
				case 2 -> Dtype.F16;
				case 4 -> Dtype.F32;
				case 8 -> Dtype.F64;
				default -> null;
			};
			case FixedPoint fixed -> Dtype.named((fixed.isSigned() ? "I" : "U") + fixed.getSize() * 8);
			case EnumDataType named when TRUTH.equals(Set.copyOf(named.getEnumMapping().values())) -> Dtype.BOOL;
			default -> null;
		};
	}

	private void write(OutputStream out) throws IOException {
		JsonWriter header = new JsonWriter().begin('{').name("__metadata__").begin('{');
		for (Map.Entry<String, String> entry : this.beside.entrySet()) {
			header.name(entry.getKey()).text(entry.getValue());
		}
		header.end('}');
		long at = 0;
		for (Numbers tensor : this.tensors) {
			header.name(tensor.path()).begin('{').name("dtype").text(tensor.dtype().name()).name("shape").begin('[');
			for (int dimension : tensor.dataset().getDimensions()) {
				header.word(Integer.toString(dimension));
			}
			header.end(']').name("data_offsets").begin('[').word(Long.toString(at));
			at += tensor.bytes();
			header.word(Long.toString(at)).end(']').end('}');
		}
		byte[] text = header.end('}').toString().getBytes(StandardCharsets.UTF_8);
		out.write(ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).putLong(text.length).array());
		out.write(text);
		for (Numbers tensor : this.tensors) {
			write(tensor, out);
		}
	}

	private static void write(Numbers tensor, OutputStream out) throws IOException {
		if (tensor.elements() == 0) {
			return;
		}
		Object elements = tensor.dataset().getDataFlat();
		int count = Array.getLength(elements);
		if (count != tensor.elements()) {
			throw new NotReadException("a dataset of it does not have the elements that its shape says");
		}
		ByteBuffer one = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
		for (int i = 0; i < count; i++) {
			one.clear();
			put(one, tensor.dtype(), Array.get(elements, i));
			out.write(one.array(), 0, one.position());
		}
	}

	private static void put(ByteBuffer out, Dtype dtype, Object element) throws NotReadException {
		switch (element) {
			case Float number when dtype == Dtype.F16 -> out.putShort(Float.floatToFloat16(number));
			case Float number when dtype == Dtype.F32 -> out.putFloat(number);
			case Double number when dtype == Dtype.F64 -> out.putDouble(number);
			case String word when dtype == Dtype.BOOL -> out.put((byte) (word.equals("TRUE") ? 1 : 0));
			case BigInteger number when dtype.bytes() == Long.BYTES -> out.putLong(number.longValue());
			case Byte number -> integer(out, dtype, number);
			case Short number -> integer(out, dtype, number);
			case Integer number -> integer(out, dtype, number);
			case Long number -> integer(out, dtype, number);
			default -> throw new NotReadException("it holds a type that is not read here");
		}
	}

	private static void integer(ByteBuffer out, Dtype dtype, long number) {
		switch (dtype.bytes()) {
			case 1 -> out.put((byte) number);
			case 2 -> out.putShort((short) number);
			case 4 -> out.putInt((int) number);
			default -> out.putLong(number);
		}
	}

	private static String form(DataType type, int[] dimensions) {
		return type.getClass().getSimpleName() + " of " + type.getSize() + " bytes "
				+ ((type instanceof FixedPoint fixed && !fixed.isSigned()) ? "unsigned " : "")
				+ Arrays.toString(dimensions);
	}

	private static String text(String shape, @Nullable Object value) {
		StringBuilder text = new StringBuilder(shape).append(' ');
		append(text, value);
		byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
		return (bytes.length <= MAX_TEXT) ? text.toString() : shape + " " + Digest.of(bytes).value();
	}

	private static void append(StringBuilder text, @Nullable Object value) {
		if (value == null) {
			text.append("nothing");
		}
		else if (value.getClass().isArray()) {
			text.append('[');
			for (int i = 0; i < Array.getLength(value); i++) {
				text.append((i > 0) ? ", " : "");
				append(text, Array.get(value, i));
			}
			text.append(']');
		}
		else if (value instanceof Map<?, ?> members) {
			members.forEach((name, member) -> {
				text.append(name).append(": ");
				append(text, member);
				text.append("; ");
			});
		}
		else if (value instanceof String word) {
			text.append(new JsonWriter().text(word));
		}
		else {
			text.append(value);
		}
	}

}
