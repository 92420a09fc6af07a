package dev.reprise.diff.reader.tensor.torch;

import java.io.IOException;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;

import dev.reprise.diff.reader.bytes.NotReadException;
import dev.reprise.diff.reader.pickle.Value;
import dev.reprise.diff.reader.tensor.Dtype;
import dev.reprise.diff.reader.tensor.Tensor;

import org.jspecify.annotations.Nullable;

/**
 * Follows torch's functions that make tensors when a checkpoint is loaded.
 */
final class Rebuilding {

	private final Beside beside;

	private final IdentityHashMap<Value, Stored> within = new IdentityHashMap<>();

	Rebuilding(Beside beside) {
		this.beside = beside;
	}

	/**
	 * A tensor and what is said of it beside its elements.
	 *
	 * @param view its elements
	 * @param about in words; empty of a plain tensor on the CPU
	 */
	record Rebuilt(View view, String about) {
	}

	/**
	 * The tensor that the function would make.
	 * @throws NotReadException if its arguments are not those that torch writes
	 */
	Rebuilt rebuild(Value.Made made) throws IOException {
		if (made.state() != null) {
			throw odd("a tensor has attributes of its own");
		}
		List<Value> arguments = made.arguments();
		return switch (made.what().name()) {
			case "_rebuild_parameter" -> parameter(arguments);
			case "_rebuild_tensor" -> tensor(arguments, 4, 4, null);
			case "_rebuild_tensor_v2" -> tensor(arguments, 6, 7, null);
			default -> {
				Dtype dtype = (arguments.size() > 6) ? Known.dtype(arguments.get(6)) : null;
				if (dtype == null) {
					throw new NotReadException("a tensor has a type that is not read here");
				}
				yield tensor(arguments, 7, 8, dtype);
			}
		};
	}

	private Rebuilt parameter(List<Value> arguments) throws IOException {
		if (arguments.size() == 3 && arguments.getFirst() instanceof Value.Made data
				&& Known.REBUILD.contains(data.what().inFull()) && !data.what().name().equals("_rebuild_parameter")
				&& noHooks(arguments.get(2))) {
			Rebuilt tensor = rebuild(data);
			return new Rebuilt(tensor.view(), ("parameter " + gradient(arguments.get(1)) + tensor.about()).strip());
		}
		throw new NotReadException("a parameter is not as torch writes one");
	}

	private Rebuilt tensor(List<Value> arguments, int least, int most, @Nullable Dtype given) throws IOException {
		if (arguments.size() < least || arguments.size() > most || !(arguments.get(1) instanceof Value.Int offset)) {
			throw new NotReadException("a tensor is not as torch writes one");
		}
		boolean plain = (least == 4 || noHooks(arguments.get(5)))
				&& (arguments.size() < most || least == 4 || isNothing(arguments.get(most - 1)));
		if (!plain) {
			throw odd("a tensor has hooks, or is stored as the conjugate or the negative of itself");
		}
		Stored stored = stored(arguments.getFirst());
		View view = new View(stored, (given != null) ? given : stored.dtype(), offset.value(),
				numbers(arguments.get(2)), numbers(arguments.get(3)));
		String device = stored.device().equals("cpu") ? "" : "on " + stored.device();
		return new Rebuilt(view, (((least == 4) ? "" : gradient(arguments.get(4))) + device).strip());
	}

	private static String gradient(Value requires) throws NotReadException {
		if (requires instanceof Value.Constant word && word != Value.Constant.NONE) {
			return (word == Value.Constant.TRUE) ? "requires_grad " : "";
		}
		throw new NotReadException("a tensor is not as torch writes one");
	}

	/**
	 * The storage that a value stands for.
	 * @throws NotReadException if it stands for none
	 */
	Stored stored(Value value) throws IOException {
		if (value instanceof Value.Persistent persistent) {
			StorageId id = StorageId.of(persistent);
			return new Stored(id.dtype(), id.elements(), this.beside.bytes(id), this.beside.bigEndian(), id.device());
		}
		if (value instanceof Value.Made made && made.what().inFull().equals(Known.LOAD) && made.arguments().size() == 1
				&& made.arguments().getFirst() instanceof Value.Blob blob) {
			Stored before = this.within.get(value);
			Stored stored = (before != null) ? before : LegacyFile.storage(blob.bytes());
			this.within.put(value, stored);
			return stored;
		}
		throw new NotReadException("a tensor has no storage");
	}

	private static boolean noHooks(Value hooks) {
		return hooks instanceof Value.Table table && table.keys().isEmpty() && table.state() == null;
	}

	private static boolean isNothing(Value metadata) {
		return metadata == Value.Constant.NONE || noHooks(metadata);
	}

	private static List<Long> numbers(Value value) throws NotReadException {
		List<Value> values = (value instanceof Value.Items items && items.is("tuple")) ? items.values() : null;
		if (value instanceof Value.Made size && size.what().inFull().equals("torch.Size")
				&& size.arguments().size() == 1 && size.arguments().getFirst() instanceof Value.Items items) {
			values = items.values();
		}
		if (values == null || values.size() > Tensor.MAX_DIMENSIONS) {
			throw new NotReadException("a tensor's shape is no short tuple of numbers");
		}
		List<Long> numbers = new ArrayList<>();
		for (Value number : values) {
			if (!(number instanceof Value.Int whole)) {
				throw new NotReadException("a tensor's shape is no short tuple of numbers");
			}
			numbers.add(whole.value());
		}
		return numbers;
	}

	private static NotReadException odd(String what) {
		return new NotReadException(what + ", which is not read here");
	}

}
