package dev.reprise.diff.reader.tensor.torch;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

import dev.reprise.diff.reader.bytes.Extent;
import dev.reprise.diff.reader.bytes.InMemory;
import dev.reprise.diff.reader.bytes.NotReadException;
import dev.reprise.diff.reader.pickle.Value;
import dev.reprise.diff.reader.tensor.Dtype;
import dev.reprise.diff.reader.tensor.Tensor;
import dev.reprise.diff.reader.tensor.numpy.NpyHeader;

/**
 * Arrays and scalars of numpy within a pickle.
 */
final class PickledArray {

	private PickledArray() {
	}

	/**
	 * The array that the function would make, a scalar as one without dimensions.
	 * @throws NotReadException if its arguments are not those that numpy writes
	 */
	static Tensor tensor(String name, Value.Made made) throws IOException {
		List<Value> arguments = made.arguments();
		return switch (made.what().name()) {
			case "scalar" -> {
				if (arguments.size() != 2 || made.state() != null) {
					throw odd();
				}
				yield tensor(name, List.of(), arguments.get(0), false, arguments.get(1));
			}
			case "_frombuffer" -> {
				if (arguments.size() != 4 || made.state() != null || !(arguments.get(3) instanceof Value.Text order)) {
					throw odd();
				}
				yield tensor(name, numbers(arguments.get(2)), arguments.get(1), columnsFirst(order.value()),
						arguments.get(0));
			}
			default -> reconstructed(name, made);
		};
	}

	private static Tensor reconstructed(String name, Value.Made made) throws IOException {
		boolean plain = !made.arguments().isEmpty() && made.arguments().getFirst() instanceof Value.Global type
				&& type.inFull().equals("numpy.ndarray");
		if (!plain || !(made.state() instanceof Value.Items state) || state.values().size() != 5
				|| !(state.values().get(0) instanceof Value.Int version) || version.value() != 1
				|| !(state.values().get(3) instanceof Value.Constant columnsFirst)) {
			throw odd();
		}
		if (state.values().get(4) instanceof Value.Items) {
			throw new NotReadException("an array's elements are Python objects, which are not read here");
		}
		return tensor(name, numbers(state.values().get(1)), state.values().get(2), columnsFirst == Value.Constant.TRUE,
				state.values().get(4));
	}

	private static Tensor tensor(String name, List<Long> shape, Value type, boolean columnsFirst, Value data)
			throws IOException {
		String descr = descr(type);
		Dtype dtype = NpyHeader.dtype(descr);
		Extent bytes = bytes(data);
		if (Tensor.elements(shape, dtype) * dtype.bytes() != bytes.size()) {
			throw new NotReadException("an array does not have the bytes that its shape says");
		}
		return new Tensor(name, dtype, shape, Tensor.order(shape.size(), columnsFirst), descr.charAt(0) == '>', bytes);
	}

	private static boolean columnsFirst(String order) throws NotReadException {
		return switch (order) {
			case "C" -> false;
			case "F" -> true;
			default -> throw odd();
		};
	}

	/**
	 * {@code dtype('f4', False, True)}, told afterwards {@code (3, '<', None, None, None,
	 * -1, -1, 0)}: a version, the byte order, and four that only other types have.
	 */
	private static String descr(Value value) throws NotReadException {
		if (value instanceof Value.Made made && Known.numpy(made.what(), "dtype") && !made.arguments().isEmpty()
				&& made.arguments().getFirst() instanceof Value.Text code && made.state() instanceof Value.Items state
				&& state.values().size() == 8 && state.values().get(1) instanceof Value.Text order
				&& order.value().length() == 1) {
			for (Value other : state.values().subList(2, 5)) {
				if (other != Value.Constant.NONE) {
					throw new NotReadException(
							"an array's elements are records of several fields, which are not read here");
				}
			}
			return order.value() + code.value();
		}
		throw odd();
	}

	/** Python 2 wrote an array's bytes as a string. */
	private static Extent bytes(Value data) throws NotReadException {
		if (data instanceof Value.Blob blob) {
			return blob.bytes();
		}
		if (data instanceof Value.Text text && StandardCharsets.ISO_8859_1.newEncoder().canEncode(text.value())) {
			return new InMemory(text.value().getBytes(StandardCharsets.ISO_8859_1));
		}
		throw odd();
	}

	private static List<Long> numbers(Value value) throws NotReadException {
		List<Long> numbers = new ArrayList<>();
		if (value instanceof Value.Items items && items.is("tuple") && items.values().size() <= Tensor.MAX_DIMENSIONS) {
			for (Value number : items.values()) {
				if (!(number instanceof Value.Int whole)) {
					throw odd();
				}
				numbers.add(whole.value());
			}
			return numbers;
		}
		throw odd();
	}

	private static NotReadException odd() {
		return new NotReadException("an array is not as numpy writes one");
	}

}
