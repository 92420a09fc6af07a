package dev.reprise.diff.reader.tensor.onnx;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import dev.reprise.diff.reader.bytes.Extent;
import dev.reprise.diff.reader.bytes.InMemory;
import dev.reprise.diff.reader.bytes.JobFile;
import dev.reprise.diff.reader.bytes.NotReadException;
import dev.reprise.diff.reader.bytes.Stretch;
import dev.reprise.diff.reader.tensor.Dtype;
import dev.reprise.diff.reader.tensor.Tensor;

import org.jspecify.annotations.Nullable;

/**
 * One tensor of an ONNX model. Its elements are raw bytes, or numbers of floating point
 * in a row, or whole numbers of varying length, or lie in a file beside the model.
 */
final class Initializer {

	private static final int MAX_NAME = 4096;

	/** Largest tensor of whole numbers of varying length, in bytes of its elements. */
	private static final int MAX_NUMBERS = 4 * 1024 * 1024;

	private final JobFile file;

	private final List<Long> shape = new ArrayList<>();

	private final Map<String, String> external = new HashMap<>();

	private String name = "";

	private long type;

	private long location;

	private @Nullable Extent data;

	private Message.@Nullable Field numbers;

	Initializer(JobFile file, Message message) throws IOException {
		this.file = file;
		for (Message.Field field = message.next(); field != null; field = message.next()) {
			take(field);
		}
	}

	private void take(Message.Field field) throws IOException {
		switch (field.number()) {
			case 1 -> dimensions(field);
			case 2 -> this.type = field.want(0).value();
			case 4, 9, 10 -> once(field);
			case 5, 7, 11 -> {
				once(field);
				this.numbers = field;
			}
			case 8 -> this.name = field.text(MAX_NAME);
			case 12 -> field.want(2);
			case 13 -> external(field.message());
			case 14 -> this.location = field.want(0).value();
			default -> throw new NotReadException("an initializer has a field that is not read here");
		}
	}

	private void once(Message.Field field) throws NotReadException {
		if (this.data != null) {
			throw new NotReadException("an initializer has its elements in pieces, which are not read here");
		}
		this.data = field.want(2).bytes();
	}

	private void dimensions(Message.Field field) throws IOException {
		if (field.type() == 0) {
			dimension(field.value());
			return;
		}
		Message packed = field.message();
		while (!packed.ended()) {
			dimension(packed.number());
		}
	}

	private void dimension(long dimension) throws NotReadException {
		if (this.shape.size() == Tensor.MAX_DIMENSIONS) {
			throw new NotReadException("a tensor has more than " + Tensor.MAX_DIMENSIONS + " dimensions");
		}
		this.shape.add(dimension);
	}

	private void external(Message entry) throws IOException {
		String key = "";
		String value = "";
		for (Message.Field field = entry.next(); field != null; field = entry.next()) {
			if (field.number() == 1) {
				key = field.text(MAX_NAME);
			}
			else if (field.number() == 2) {
				value = field.text(MAX_NAME);
			}
		}
		if (this.external.put(key, value) != null || this.external.size() > 8) {
			throw new NotReadException("an initializer says twice where it lies");
		}
	}

	Tensor tensor() throws IOException {
		Dtype dtype = dtype();
		long bytes = Tensor.elements(this.shape, dtype) * dtype.bytes();
		Extent source = (this.location == 1) ? beside(bytes) : (this.data == null) ? new InMemory(new byte[0])
				: (this.numbers != null) ? whole(this.numbers, dtype, bytes) : this.data;
		if (source.size() != bytes) {
			throw new NotReadException("an initializer does not have the bytes that its shape says");
		}
		return new Tensor(this.name, dtype, this.shape, Tensor.order(this.shape.size(), false), false, source);
	}

	private Extent beside(long bytes) throws NotReadException {
		if (this.data != null) {
			throw new NotReadException("an initializer lies in two places");
		}
		JobFile other = this.file.beside(this.external.getOrDefault("location", ""));
		return Stretch.of(other, number("offset", 0), number("length", bytes));
	}

	private long number(String key, long otherwise) throws NotReadException {
		String text = this.external.get(key);
		if (text == null) {
			return otherwise;
		}
		if (!text.matches("[0-9]{1,18}")) {
			throw new NotReadException("an initializer does not say where it lies");
		}
		return Long.parseLong(text);
	}

	private static Extent whole(Message.Field field, Dtype dtype, long bytes) throws IOException {
		if (bytes > MAX_NUMBERS) {
			throw new NotReadException("an initializer of numbers of varying length is larger than " + MAX_NUMBERS
					+ " bytes, which is not read here");
		}
		ByteBuffer elements = ByteBuffer.allocate((int) bytes).order(ByteOrder.LITTLE_ENDIAN);
		Message packed = field.message();
		while (!packed.ended() && elements.remaining() >= dtype.bytes()) {
			long number = packed.number();
			for (int i = 0; i < dtype.bytes(); i++) {
				elements.put((byte) (number >> (i * Byte.SIZE)));
			}
		}
		if (!packed.ended() || elements.hasRemaining()) {
			throw new NotReadException("an initializer does not have the elements that its shape says");
		}
		return new InMemory(elements.array());
	}

	private Dtype dtype() throws NotReadException {
		Dtype dtype = switch ((int) this.type) {
			case 1 -> Dtype.F32;
			case 2 -> Dtype.U8;
			case 3 -> Dtype.I8;
			case 4 -> Dtype.U16;
			case 5 -> Dtype.I16;
			case 6 -> Dtype.I32;
			case 7 -> Dtype.I64;
			case 9 -> Dtype.BOOL;
			case 10 -> Dtype.F16;
			case 11 -> Dtype.F64;
			case 12 -> Dtype.U32;
			case 13 -> Dtype.U64;
			case 14 -> Dtype.C64;
			case 15 -> Dtype.C128;
			case 16 -> Dtype.BF16;
			case 17 -> Dtype.F8_E4M3;
			case 18 -> Dtype.F8_E4M3FNUZ;
			case 19 -> Dtype.F8_E5M2;
			case 20 -> Dtype.F8_E5M2FNUZ;
			case 24 -> Dtype.F8_E8M0;
			default -> throw new NotReadException("an initializer has a type that is not read here");
		};
		if (this.type != (int) this.type) {
			throw new NotReadException("an initializer has a type that is not read here");
		}
		return dtype;
	}

}
