package dev.reprise.replay.cost;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import com.fasterxml.jackson.annotation.JsonValue;
import dev.reprise.recipe.DeterminismMode;
import dev.reprise.run.spec.JobSpec;
import dev.reprise.run.spec.JobSpecJson;

/**
 * One of the ways in which a job is run to learn what they cost.
 */
enum Arm {

	/**
	 * With its recipe and its trace, as it was submitted.
	 */
	TRACED,

	/**
	 * With its recipe, without a trace.
	 */
	RECIPE,

	/**
	 * With neither.
	 */
	PLAIN;

	@JsonValue
	String word() {
		return name().toLowerCase(Locale.ROOT);
	}

	/**
	 * The arms that differ for a job, in the order in which they take turns: two or more,
	 * or only {@link #PLAIN} where it has neither recipe nor trace.
	 */
	static List<Arm> of(JobSpec spec) {
		List<Arm> arms = new ArrayList<>();
		if (spec.trace() != null) {
			arms.add(TRACED);
		}
		if (spec.determinism() != DeterminismMode.OFF) {
			arms.add(RECIPE);
		}
		arms.add(PLAIN);
		return arms;
	}

	/**
	 * The spec of this arm.
	 */
	JobSpec spec(JobSpec original) {
		return JobSpecJson.changed(original, (json) -> {
			// A measured run is no second try of another.
			json.put("maxAttempts", 1);
			if (this != TRACED) {
				json.put("trace", "off").put("audit", false);
			}
			if (this == PLAIN) {
				json.put("determinism", "off").put("portable", false).put("holdSeed", false).put("onDrift", "record");
			}
		});
	}

	/**
	 * What it is, in words.
	 */
	String title() {
		return switch (this) {
			case TRACED -> "with recipe and trace";
			case RECIPE -> "with the recipe alone";
			case PLAIN -> "with neither";
		};
	}

}
