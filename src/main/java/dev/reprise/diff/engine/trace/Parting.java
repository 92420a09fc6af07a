package dev.reprise.diff.engine.trace;

import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import dev.reprise.record.trace.Column;
import dev.reprise.record.trace.Kind;

/**
 * The first step in which two traces differ. In every step before it that both have, all
 * that was compared was equal.
 *
 * @param step counted from 0
 * @param first whether no row of the process was before it
 * @param every how many steps lie between its row and the one before, so that it may have
 * begun up to that many steps earlier
 * @param column the first that differs, in causal order
 * @param kinds what became of each kind in this step; one that is not in it was not there
 * @param before kinds of which something was compared that comes before the column; being
 * before it, it was equal
 * @param columns those that differ, at most {@link #MAX_COLUMNS} of them, in causal order
 * @param differing how many differ
 */
public record Parting(long step, boolean first, long every, Column column, Map<Kind, State> kinds, Set<Kind> before,
		List<Column> columns, long differing) {

	/**
	 * Most columns that are named.
	 */
	public static final int MAX_COLUMNS = 20;

	public Parting {
		EnumMap<Kind, State> copy = new EnumMap<>(Kind.class);
		copy.putAll(kinds);
		kinds = Collections.unmodifiableMap(copy);
		before = Set.copyOf(before);
		columns = List.copyOf(columns);
	}

	/**
	 * What a kind was in a step.
	 */
	public enum State {

		/** At least one column was compared, and all that were are equal. */
		EQUAL,
		/** At least one column differs. */
		DIFFERENT,
		/** Nothing of it could be compared. */
		NOT_COMPARED

	}

	/**
	 * Whether columns of a kind were compared in this step, and all of them equal.
	 */
	public boolean equal(Kind kind) {
		return this.kinds.get(kind) == State.EQUAL;
	}

	/**
	 * Whether a column of a kind differs in this step.
	 */
	public boolean different(Kind kind) {
		return this.kinds.get(kind) == State.DIFFERENT;
	}

}
