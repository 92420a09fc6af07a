package dev.reprise.agent;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * The columns of the segment that is being written, in causal order, and within a place
 * as the program made them.
 */
final class ColumnOrder {

	private final List<TraceColumn> order = new ArrayList<>();

	private final Set<TraceColumn> known = new HashSet<>();

	List<TraceColumn> list() {
		return this.order;
	}

	/**
	 * Takes in the columns of a row. A new one stands after the one before it of its
	 * place.
	 * @return whether any was new
	 */
	boolean add(Collection<TraceColumn> row) {
		if (this.known.containsAll(row)) {
			return false;
		}
		Map<Integer, TraceColumn> before = new HashMap<>();
		for (TraceColumn column : row) {
			TraceColumn last = before.put(column.place(), column);
			if (this.known.add(column)) {
				this.order.add(at(column.place(), last), column);
			}
		}
		return true;
	}

	private int at(int place, @Nullable TraceColumn before) {
		if (before != null) {
			return this.order.indexOf(before) + 1;
		}
		int at = 0;
		while (at < this.order.size() && this.order.get(at).place() < place) {
			at++;
		}
		return at;
	}

	void clear() {
		this.order.clear();
		this.known.clear();
	}

}
