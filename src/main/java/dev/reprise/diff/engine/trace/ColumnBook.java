package dev.reprise.diff.engine.trace;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import dev.reprise.record.trace.Column;
import dev.reprise.record.trace.Fingerprint;

/**
 * What became of each column over all rows that were compared.
 */
final class ColumnBook {

	private static final byte COMPARED = 1;

	private static final byte VARIES = 2;

	private static final byte VACUOUS = 4;

	private static final byte UNREAD_LEFT = 8;

	private static final byte UNREAD_RIGHT = 16;

	private final Map<Column, Integer> ids = new HashMap<>();

	private final List<Column> columns = new ArrayList<>();

	private byte[] flags = new byte[64];

	private long[] first = new long[128];

	int id(Column column) {
		Integer known = this.ids.putIfAbsent(column, this.columns.size());
		if (known != null) {
			return known;
		}
		this.columns.add(column);
		if (this.columns.size() > this.flags.length) {
			this.flags = Arrays.copyOf(this.flags, 2 * this.flags.length);
			this.first = Arrays.copyOf(this.first, 2 * this.first.length);
		}
		return this.columns.size() - 1;
	}

	/**
	 * Both sides hold this.
	 */
	void equal(int id, long low, long high) {
		if (high == 0 && low <= Fingerprint.VACUOUS && low >= Fingerprint.ABSENT) {
			this.flags[id] |= (low == Fingerprint.VACUOUS) ? VACUOUS : 0;
			return;
		}
		if ((this.flags[id] & COMPARED) == 0) {
			this.flags[id] |= COMPARED;
			this.first[2 * id] = low;
			this.first[2 * id + 1] = high;
		}
		else if (this.first[2 * id] != low || this.first[2 * id + 1] != high) {
			this.flags[id] |= VARIES;
		}
	}

	/**
	 * Whether nothing more is to be learned of a column from a fingerprint that both
	 * sides hold.
	 */
	boolean settled(int id) {
		return (this.flags[id] & VARIES) != 0;
	}

	void different(int id) {
		this.flags[id] |= COMPARED | VARIES;
	}

	void unread(int id, boolean left, boolean right) {
		this.flags[id] |= (byte) ((left ? UNREAD_LEFT : 0) | (right ? UNREAD_RIGHT : 0));
	}

	/**
	 * Columns in which something was compared.
	 */
	long compared() {
		return count(COMPARED, COMPARED);
	}

	/**
	 * Of those, the ones that held one value in every row, on both sides.
	 */
	long constant() {
		return count(COMPARED | VARIES, COMPARED);
	}

	/**
	 * Results that were compared and changed from row to row: only these are evidence
	 * that something was computed.
	 */
	long telling() {
		long count = 0;
		for (int id = 0; id < this.columns.size(); id++) {
			count += ((this.flags[id] & VARIES) != 0 && this.columns.get(id).result()) ? 1 : 0;
		}
		return count;
	}

	/**
	 * Columns that were there and in which nothing was ever hashed.
	 */
	long vacuous() {
		return count(COMPARED | VACUOUS, VACUOUS);
	}

	/**
	 * Results that could not be fingerprinted in some row on both sides.
	 */
	List<Column> unreadOnBoth() {
		return columns(UNREAD_LEFT | UNREAD_RIGHT, UNREAD_LEFT | UNREAD_RIGHT);
	}

	/**
	 * Results that could not be fingerprinted in some row on one side, and never on the
	 * other.
	 */
	List<Column> unreadOnOne() {
		List<Column> found = new ArrayList<>(columns(UNREAD_LEFT | UNREAD_RIGHT, UNREAD_LEFT));
		found.addAll(columns(UNREAD_LEFT | UNREAD_RIGHT, UNREAD_RIGHT));
		return found;
	}

	private List<Column> columns(int mask, int value) {
		List<Column> found = new ArrayList<>();
		for (int id = 0; id < this.columns.size(); id++) {
			if ((this.flags[id] & mask) == value && this.columns.get(id).result()) {
				found.add(this.columns.get(id));
			}
		}
		return found;
	}

	private long count(int mask, int value) {
		long count = 0;
		for (int id = 0; id < this.columns.size(); id++) {
			count += ((this.flags[id] & mask) == value) ? 1 : 0;
		}
		return count;
	}

}
