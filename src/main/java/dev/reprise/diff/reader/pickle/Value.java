package dev.reprise.diff.reader.pickle;

import java.util.ArrayList;
import java.util.List;

import dev.reprise.diff.reader.bytes.Extent;
import org.jspecify.annotations.Nullable;

/**
 * A value as a pickle describes it.
 */
public sealed interface Value {

	/**
	 * The three that have names.
	 */
	enum Constant implements Value {

		NONE, TRUE, FALSE

	}

	/**
	 * A whole number that fits in 64 bits.
	 *
	 * @param value the number
	 */
	record Int(long value) implements Value {
	}

	/**
	 * A larger one.
	 *
	 * @param hexadecimal its digits, with a sign where it is negative
	 */
	record LargeInt(String hexadecimal) implements Value {
	}

	/**
	 * A floating-point number.
	 *
	 * @param value the number
	 */
	record Real(double value) implements Value {
	}

	/**
	 * Text.
	 *
	 * @param value the text
	 */
	record Text(String value) implements Value {
	}

	/**
	 * Bytes, which stay where they are.
	 *
	 * @param bytes where
	 */
	record Blob(Extent bytes) implements Value {
	}

	/**
	 * A class or function by name; it is never looked up.
	 *
	 * @param module where it would be imported from
	 * @param name its name there
	 */
	record Global(String module, String name) implements Value {

		/**
		 * Both, with a dot between.
		 */
		public String inFull() {
			return this.module + "." + this.name;
		}

	}

	/**
	 * What lies beside the pickle, named by an id.
	 *
	 * @param id names it
	 */
	record Persistent(Value id) implements Value {
	}

	/**
	 * Several values.
	 */
	final class Items implements Value {

		private final String kind;

		private final List<Value> values;

		public Items(String kind, List<Value> values) {
			this.kind = kind;
			this.values = new ArrayList<>(values);
		}

		/**
		 * Its Python type: list, tuple, set, frozenset or collections.deque.
		 */
		public String kind() {
			return this.kind;
		}

		/**
		 * The values, in the pickle's order; to be added to only while it is read.
		 */
		public List<Value> values() {
			return this.values;
		}

		/**
		 * Whether that is its type.
		 */
		public boolean is(String type) {
			return this.kind.equals(type);
		}

	}

	/**
	 * A dictionary: keys and values, in the pickle's order.
	 */
	final class Table implements Value {

		private final String kind;

		private final List<Value> keys = new ArrayList<>();

		private final List<Value> values = new ArrayList<>();

		private @Nullable Value state;

		public Table(String kind) {
			this.kind = kind;
		}

		/**
		 * Its Python type: dict, or one of those of {@code collections}.
		 */
		public String kind() {
			return this.kind;
		}

		public List<Value> keys() {
			return this.keys;
		}

		public List<Value> values() {
			return this.values;
		}

		void put(Value key, Value value) {
			this.keys.add(key);
			this.values.add(value);
		}

		/**
		 * Attributes beside the entries, as {@code state_dict()} sets them.
		 */
		public @Nullable Value state() {
			return this.state;
		}

		void state(Value attributes) {
			this.state = attributes;
		}

	}

	/**
	 * What a known class or function would make of its arguments.
	 */
	final class Made implements Value {

		private final Global what;

		private final List<Value> arguments;

		private @Nullable Value state;

		public Made(Global what, List<Value> arguments) {
			this.what = what;
			this.arguments = List.copyOf(arguments);
		}

		public Global what() {
			return this.what;
		}

		public List<Value> arguments() {
			return this.arguments;
		}

		/**
		 * What it would be told after it was made.
		 */
		public @Nullable Value state() {
			return this.state;
		}

		void state(Value told) {
			this.state = told;
		}

	}

}
