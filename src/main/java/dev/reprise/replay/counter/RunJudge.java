package dev.reprise.replay.counter;

import java.time.Duration;

import dev.reprise.diff.DiffView;
import dev.reprise.diff.Diffs;
import dev.reprise.diff.engine.Comparison;
import dev.reprise.diff.engine.Verdict;
import dev.reprise.http.RequestException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

import org.springframework.stereotype.Component;

/**
 * Says whether a counter-run gave what another run gave. Where there are traces they
 * decide: an output may hold what was changed itself, as a file that repeats the settings
 * does.
 */
@Component
class RunJudge {

	private final Diffs diffs;

	RunJudge(Diffs diffs) {
		this.diffs = diffs;
	}

	Judged judge(String target, String run, Comparison comparison, Duration patience) {
		DiffView diff;
		try {
			diff = this.diffs.diff(target, run, comparison, patience);
		}
		catch (RequestException ex) {
			return new Judged(RunOutcome.UNKNOWN, ex.getMessage(), null);
		}
		JsonNode json = diff.json();
		if (json.path("coverage").path("trace").asString("").equals("present")
				&& json.path("coverage").path("steps").asLong() > 0) {
			JsonNode same = same(json, "trace");
			if (same.isBoolean()) {
				return new Judged(same.asBoolean() ? RunOutcome.REPRODUCES : RunOutcome.DIFFERS, null, diff.id());
			}
		}
		Verdict verdict = Verdict.valueOf(json.path("verdict").asString(Verdict.INCONCLUSIVE.name()));
		return switch (verdict) {
			case IDENTICAL, IDENTICAL_EXCEPT -> new Judged(RunOutcome.REPRODUCES, null, diff.id());
			case DIFFERENT, WITHIN_TOLERANCE -> new Judged(RunOutcome.DIFFERS, null, diff.id());
			case INCONCLUSIVE, NOT_COMPARABLE ->
				new Judged(RunOutcome.UNKNOWN, json.path("summary").asString(""), diff.id());
		};
	}

	private static JsonNode same(JsonNode json, String layer) {
		for (JsonNode result : json.path("results")) {
			if (result.path("layer").asString("").equals(layer)) {
				return result.path("same");
			}
		}
		return MissingNode.getInstance();
	}

	/**
	 * How a run compares.
	 *
	 * @param outcome whether it gave the same
	 * @param reason why that is not known, or null
	 * @param diff the diff that says so, or null
	 */
	record Judged(RunOutcome outcome, @Nullable String reason, @Nullable String diff) {
	}

}
