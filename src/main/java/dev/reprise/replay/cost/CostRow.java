package dev.reprise.replay.cost;

import java.time.Instant;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * A measurement as the database keeps it.
 *
 * @param id the id
 * @param original the run that is measured
 * @param rounds 1 to 10
 * @param arms in the order in which they take turns
 * @param state {@code PENDING}, {@code DONE} or {@code FAILED}
 * @param reason why it failed, or null
 * @param createdAt when it was asked for
 */
record CostRow(String id, String original, int rounds, List<Arm> arms, String state, @Nullable String reason,
		Instant createdAt) {

	CostRow {
		arms = List.copyOf(arms);
	}

	boolean pending() {
		return this.state.equals("PENDING");
	}

	int runs() {
		return this.rounds * this.arms.size();
	}

	Arm arm(int position) {
		return this.arms.get(position % this.arms.size());
	}

}
