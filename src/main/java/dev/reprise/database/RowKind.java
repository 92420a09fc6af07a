package dev.reprise.database;

import java.util.List;

/**
 * What is kept as a file of its own, in the order in which one may name another: the
 * table that has its row, and the rows of other tables that belong to it.
 */
public enum RowKind {

	/**
	 * A run with its recipe, labels, attempts and the Idempotency-Key that made it.
	 */
	RUN("run", "runs"),

	/**
	 * A diff; its content is a blob.
	 */
	DIFF("diff", "diffs"),

	/**
	 * A replay with the Idempotency-Key that made it.
	 */
	REPLAY("replay", "replays"),

	/**
	 * A measurement of what a job costs, with its runs and the Idempotency-Key that made
	 * it.
	 */
	COST("cost", "costs"),

	/**
	 * A zoom, called by its diff.
	 */
	ZOOM("zoom", "zooms"),

	/**
	 * Counter-runs, called by their diff.
	 */
	COUNTER_STUDY("counter-study", "counter_studies");

	private final String word;

	private final String table;

	RowKind(String word, String table) {
		this.word = word;
		this.table = table;
	}

	String word() {
		return this.word;
	}

	String table() {
		return this.table;
	}

	List<Part> parts() {
		Part key = new Part("idempotency_keys", "resource");
		return switch (this) {
			case RUN -> List.of(new Part("recipes", "run_id"), new Part("run_labels", "run_id"),
					new Part("attempts", "run_id"), key);
			case DIFF -> List.of();
			case REPLAY -> List.of(key);
			case COST -> List.of(new Part("cost_runs", "cost_id"), key);
			case ZOOM -> List.of();
			case COUNTER_STUDY -> List.of(new Part("counter_runs", "study"));
		};
	}

	/**
	 * Rows that belong to it.
	 *
	 * @param table that has them
	 * @param column that names it by its id
	 */
	record Part(String table, String column) {
	}

}
