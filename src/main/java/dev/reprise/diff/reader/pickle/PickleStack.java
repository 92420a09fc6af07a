package dev.reprise.diff.reader.pickle;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

import dev.reprise.diff.reader.bytes.NotReadException;
import org.jspecify.annotations.Nullable;

/**
 * The stack, its marks and the memo.
 */
final class PickleStack {

	private final PickleLimits limits;

	private final List<Value> values = new ArrayList<>();

	private final List<Integer> marks = new ArrayList<>();

	private final List<@Nullable Value> memo = new ArrayList<>();

	PickleStack(PickleLimits limits) {
		this.limits = limits;
	}

	void push(Value value) throws NotReadException {
		if (this.values.size() == PickleLimits.MAX_STACK) {
			throw Unread.tooMuch("over " + PickleLimits.MAX_STACK + " values on its stack");
		}
		this.values.add(value);
	}

	Value pop() throws NotReadException {
		if (this.values.size() <= floor()) {
			throw Unread.damaged();
		}
		return this.values.removeLast();
	}

	/** POP takes a mark where that lies on top. */
	void drop() throws NotReadException {
		if (!this.marks.isEmpty() && this.values.size() == floor()) {
			this.marks.removeLast();
		}
		else {
			pop();
		}
	}

	Value top() throws NotReadException {
		if (this.values.size() <= floor()) {
			throw Unread.damaged();
		}
		return this.values.getLast();
	}

	void mark() throws NotReadException {
		if (this.marks.size() == PickleLimits.MAX_MARKS) {
			throw Unread.tooMuch("over " + PickleLimits.MAX_MARKS + " marks");
		}
		this.marks.add(this.values.size());
	}

	/** What lies above the last mark, which goes with it. */
	List<Value> toMark() throws NotReadException {
		if (this.marks.isEmpty()) {
			throw Unread.damaged();
		}
		List<Value> above = this.values.subList(this.marks.removeLast(), this.values.size());
		List<Value> taken = new ArrayList<>(above);
		above.clear();
		return taken;
	}

	List<Value> last(int count) throws NotReadException {
		if (this.values.size() - count < floor()) {
			throw Unread.damaged();
		}
		List<Value> above = this.values.subList(this.values.size() - count, this.values.size());
		List<Value> taken = new ArrayList<>(above);
		above.clear();
		return taken;
	}

	private int floor() {
		return this.marks.isEmpty() ? 0 : this.marks.getLast();
	}

	void put(long key) throws NotReadException {
		int size = this.memo.size();
		if (key >= size) {
			this.limits.hold(key + 1 - size);
			this.memo.addAll(Collections.nCopies((int) (key + 1 - size), null));
		}
		this.memo.set((int) key, top());
	}

	/** Under the next number, as MEMOIZE does. */
	void put() throws NotReadException {
		put(this.memo.size());
	}

	void get(long key) throws NotReadException {
		Value value = (key < this.memo.size()) ? this.memo.get((int) key) : null;
		if (value == null) {
			throw Unread.damaged();
		}
		push(value);
	}

	/** What is left at the end: one value. */
	Value result() throws NotReadException {
		if (this.values.size() != 1 || !this.marks.isEmpty()) {
			throw Unread.damaged();
		}
		return this.values.getFirst();
	}

}
