package dev.reprise.diff.reader.pickle;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;

import dev.reprise.diff.reader.bytes.InMemory;
import dev.reprise.diff.reader.bytes.NotReadException;

/**
 * Instructions that make containers, and those by which Python would call something.
 */
final class Making {

	private static final Set<String> TABLES = Set.of("OrderedDict", "Counter", "defaultdict");

	private final PickleInput input;

	private final PickleStack stack;

	private final PickleLimits limits;

	private final Allowed allowed;

	Making(PickleInput input, PickleStack stack, PickleLimits limits, Allowed allowed) {
		this.input = input;
		this.stack = stack;
		this.limits = limits;
		this.allowed = allowed;
	}

	/**
	 * Follows the instruction, if it is one of these.
	 */
	boolean follow(int instruction) throws IOException {
		switch (instruction) {
			case ']' -> this.stack.push(items("list", List.of()));
			case ')' -> this.stack.push(items("tuple", List.of()));
			case 0x8f -> this.stack.push(items("set", List.of()));
			case '}' -> this.stack.push(empty("dict"));
			case 'l' -> this.stack.push(items("list", this.stack.toMark()));
			case 't' -> this.stack.push(items("tuple", this.stack.toMark()));
			case 0x91 -> this.stack.push(items("frozenset", this.stack.toMark()));
			case 'd' -> this.stack.push(put(empty("dict"), this.stack.toMark()));
			case 0x85 -> this.stack.push(items("tuple", this.stack.last(1)));
			case 0x86 -> this.stack.push(items("tuple", this.stack.last(2)));
			case 0x87 -> this.stack.push(items("tuple", this.stack.last(3)));
			case 'a' -> append(this.stack.last(1));
			case 'e', 0x90 -> append(this.stack.toMark());
			case 's' -> set(this.stack.last(2));
			case 'u' -> set(this.stack.toMark());
			case 'c' -> this.stack.push(known(new Value.Global(this.input.line(), this.input.line())));
			case 0x93 -> {
				List<Value> names = this.stack.last(2);
				this.stack.push(known(new Value.Global(word(names.getFirst()), word(names.getLast()))));
			}
			case 'R', 0x81 -> {
				List<Value> call = this.stack.last(2);
				this.stack.push(made(call.getFirst(), tuple(call.getLast())));
			}
			case 'i' -> {
				Value.Global global = known(new Value.Global(this.input.line(), this.input.line()));
				this.stack.push(made(global, this.stack.toMark()));
			}
			case 'o' -> {
				List<Value> call = this.stack.toMark();
				if (call.isEmpty()) {
					throw Unread.damaged();
				}
				this.stack.push(made(call.getFirst(), call.subList(1, call.size())));
			}
			case 0x92 -> throw Unread.odd("makes something of named arguments");
			case 'b' -> build(this.stack.pop());
			default -> {
				return false;
			}
		}
		return true;
	}

	private Value.Items items(String kind, List<Value> values) throws NotReadException {
		this.limits.hold(3 + values.size());
		return new Value.Items(kind, values);
	}

	private Value.Table empty(String kind) throws NotReadException {
		this.limits.hold(6);
		return new Value.Table(kind);
	}

	private Value.Table put(Value.Table table, List<Value> entries) throws NotReadException {
		this.limits.hold(entries.size());
		if (entries.size() % 2 != 0) {
			throw Unread.damaged();
		}
		for (int i = 0; i < entries.size(); i += 2) {
			table.put(entries.get(i), entries.get(i + 1));
		}
		return table;
	}

	private void append(List<Value> values) throws NotReadException {
		this.limits.hold(values.size());
		if (!(this.stack.top() instanceof Value.Items items) || items.is("tuple") || items.is("frozenset")) {
			throw Unread.odd("adds to what is no list");
		}
		items.values().addAll(values);
	}

	private void set(List<Value> entries) throws NotReadException {
		if (!(this.stack.top() instanceof Value.Table table)) {
			throw Unread.odd("sets entries of what is no dictionary");
		}
		put(table, entries);
	}

	/** Protocols up to 2 have the names of Python 2. */
	private Value.Global known(Value.Global named) throws NotReadException {
		Value.Global global = named.module().equals("__builtin__") ? new Value.Global("builtins", named.name()) : named;
		if (!isContainer(global) && !isEncode(global) && !this.allowed.knows(global)) {
			throw Unread.global(global);
		}
		this.limits.hold(6);
		return global;
	}

	private static boolean isContainer(Value.Global global) {
		return switch (global.module()) {
			case "builtins" -> Set.of("set", "frozenset", "list", "tuple", "dict", "int", "float", "bytearray")
				.contains(global.name());
			case "collections" -> TABLES.contains(global.name()) || global.name().equals("deque");
			default -> false;
		};
	}

	private static boolean isEncode(Value.Global global) {
		return global.inFull().equals("_codecs.encode");
	}

	private Value made(Value what, List<Value> arguments) throws NotReadException {
		if (!(what instanceof Value.Global global)) {
			throw Unread.odd("calls what is no name");
		}
		if (isEncode(global)) {
			return encoded(arguments);
		}
		if (!isContainer(global)) {
			this.limits.hold(3 + arguments.size());
			return new Value.Made(global, arguments);
		}
		if (TABLES.contains(global.name()) || global.name().equals("dict")) {
			return table(global, arguments);
		}
		if (global.name().equals("bytearray")) {
			return bytes(arguments);
		}
		if (global.name().equals("int") || global.name().equals("float")) {
			throw Unread.odd("converts a number");
		}
		return collection(global, arguments);
	}

	/** Containers are made of nothing, or of a list or tuple of what they hold. */
	private Value collection(Value.Global global, List<Value> arguments) throws NotReadException {
		String kind = global.module().equals("builtins") ? global.name() : global.inFull();
		boolean deque = global.name().equals("deque");
		if (arguments.isEmpty()) {
			return items(kind, List.of());
		}
		if (arguments.getFirst() instanceof Value.Items items && arguments.size() <= (deque ? 2 : 1)) {
			boolean bounded = arguments.size() == 2 && arguments.getLast() instanceof Value.Int;
			return items(bounded ? kind + " of at most " + ((Value.Int) arguments.getLast()).value() : kind,
					items.values());
		}
		throw Unread.odd("makes a " + kind + " in a way that Python does not");
	}

	private Value table(Value.Global global, List<Value> arguments) throws NotReadException {
		Value.Table table = empty(global.name().equals("dict") ? "dict" : global.inFull());
		if (global.name().equals("defaultdict")) {
			boolean empty = arguments.isEmpty() || (arguments.size() == 1
					&& (arguments.getFirst() instanceof Value.Global || arguments.getFirst() == Value.Constant.NONE));
			if (!empty) {
				throw Unread.odd("makes a dictionary in a way that Python does not");
			}
			return table;
		}
		if (arguments.size() == 1 && arguments.getFirst() instanceof Value.Table other) {
			this.limits.hold(2L * other.keys().size());
			for (int i = 0; i < other.keys().size(); i++) {
				table.put(other.keys().get(i), other.values().get(i));
			}
			return table;
		}
		if (arguments.size() == 1 && arguments.getFirst() instanceof Value.Items pairs) {
			for (Value pair : pairs.values()) {
				if (!(pair instanceof Value.Items entry) || entry.values().size() != 2) {
					throw Unread.odd("makes a dictionary in a way that Python does not");
				}
				put(table, entry.values());
			}
			return table;
		}
		if (!arguments.isEmpty()) {
			throw Unread.odd("makes a dictionary in a way that Python does not");
		}
		return table;
	}

	/** Bytes in a pickle of protocol 2 are a text that is to be encoded. */
	private Value encoded(List<Value> arguments) throws NotReadException {
		if (arguments.size() == 2 && arguments.getFirst() instanceof Value.Text text
				&& arguments.getLast() instanceof Value.Text charset && charset.value().equals("latin1")
				&& StandardCharsets.ISO_8859_1.newEncoder().canEncode(text.value())) {
			this.limits.text(text.value().length());
			return new Value.Blob(new InMemory(text.value().getBytes(StandardCharsets.ISO_8859_1)));
		}
		throw Unread.odd("encodes a text in a way that Python does not");
	}

	private static Value bytes(List<Value> arguments) throws NotReadException {
		if (arguments.isEmpty()) {
			return new Value.Blob(new InMemory(new byte[0]));
		}
		if (arguments.size() == 1 && arguments.getFirst() instanceof Value.Blob blob) {
			return blob;
		}
		throw Unread.odd("makes a bytearray in a way that Python does not");
	}

	private void build(Value state) throws NotReadException {
		switch (this.stack.top()) {
			case Value.Made made when made.state() == null -> made.state(state);
			case Value.Table table when table.state() == null -> table.state(state);
			default -> throw Unread.odd("changes what it has made");
		}
	}

	private static List<Value> tuple(Value value) throws NotReadException {
		if (value instanceof Value.Items items && items.is("tuple")) {
			return items.values();
		}
		throw Unread.damaged();
	}

	private static String word(Value value) throws NotReadException {
		if (value instanceof Value.Text text && text.value().length() <= 1024) {
			return text.value();
		}
		throw Unread.damaged();
	}

}
