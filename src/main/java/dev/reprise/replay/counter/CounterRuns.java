package dev.reprise.replay.counter;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

import dev.reprise.database.RowCopies;
import dev.reprise.database.RowKind;
import dev.reprise.diff.Diffs;
import dev.reprise.diff.engine.Comparison;
import dev.reprise.http.RequestException;
import dev.reprise.replay.AwaitedRuns;
import dev.reprise.run.Run;
import dev.reprise.run.Runs;
import dev.reprise.run.Submissions;
import dev.reprise.run.Watch;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.dao.DuplicateKeyException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Runs left again: first unchanged, then with one difference at a time taken from right;
 * where no single one makes it into right, right without one at a time. Goes on from
 * where a former life of the service had come to.
 */
@Component
class CounterRuns {

	private static final Duration PATIENCE = Duration.ofDays(1);

	private final StudyRows rows;

	private final Diffs diffs;

	private final Runs runs;

	private final Submissions submissions;

	private final Changes changes;

	private final RunJudge judge;

	private final TransactionTemplate transaction;

	private final RowCopies copies;

	private final Clock clock;

	private final JsonMapper json;

	CounterRuns(StudyRows rows, Diffs diffs, Runs runs, Submissions submissions, Changes changes, RunJudge judge,
			TransactionTemplate transaction, RowCopies copies, Clock clock, JsonMapper json, AwaitedRuns awaited) {
		this.rows = rows;
		this.diffs = diffs;
		this.runs = runs;
		this.submissions = submissions;
		this.changes = changes;
		this.judge = judge;
		this.transaction = transaction;
		this.copies = copies;
		this.clock = clock;
		this.json = json;
		awaited.add("counter-runs", (run) -> rows.ofRun(run).stream().toList(), rows::pending, this::advance);
	}

	/**
	 * Begins to confirm the causes of a diff, or gives what was begun before.
	 * @param maxRuns how many runs may be made, 2 to 64
	 * @throws RequestException if there is no such diff, or nothing that can be taken
	 * from one side to the other
	 */
	Study begin(String diff, int maxRuns) {
		JsonNode content = this.diffs.get(diff).json();
		Optional<Study> kept = this.rows.find(diff);
		if (kept.isPresent()) {
			return kept.get();
		}
		if (!content.path("verdict").asString("").equals("DIFFERENT")) {
			throw RequestException.conflict("The diff is " + content.path("verdict").asString("not done yet")
					+ "; there are causes to confirm where it is DIFFERENT.");
		}
		Run left = this.runs.get(content.path("left").asString());
		Run right = this.runs.get(content.path("right").asString());
		List<Change> all = inOrder(between(left, right), content.path("causes"));
		if (all.isEmpty()) {
			throw RequestException.conflict("Nothing of settings, code, inputs, environment and recipe differs between"
					+ " the two runs, so there is nothing to take from one to the other. A replay of each shows whether"
					+ " it gives the same again; a zoom finds the operator in which they part.");
		}
		List<Change> tried = all.subList(0, Math.min(all.size(), maxRuns - 1));
		Instant now = this.clock.instant().truncatedTo(ChronoUnit.MICROS);
		String first;
		try {
			first = this.transaction.execute((status) -> {
				this.rows.add(diff, maxRuns, tried, all.size() - tried.size(), now);
				return submit(diff, 0, left, Side.LEFT, unchanged(left), null);
			});
		}
		catch (DuplicateKeyException ex) {
			// Somebody else asked at the same time.
			return get(diff);
		}
		this.copies.first(RowKind.COUNTER_STUDY, List.of(diff));
		this.submissions.announce(List.of(String.valueOf(first)));
		return get(diff);
	}

	private static Changes.Taken unchanged(Run run) {
		return new Changes.Taken(run.spec(), run.watch().knobs());
	}

	private List<Change> between(Run left, Run right) {
		try {
			return this.changes.between(left, right);
		}
		catch (IOException ex) {
			throw new UncheckedIOException("the code of a run cannot be read", ex);
		}
	}

	/**
	 * Those first that the diff suspects most.
	 */
	private static List<Change> inOrder(List<Change> changes, JsonNode causes) {
		return changes.stream().sorted(Comparator.comparingInt((change) -> {
			int place = 0;
			for (JsonNode cause : causes) {
				if (change.isNamedBy(cause.path("layer").asString(""), cause.path("key").asString(""))) {
					return place;
				}
				place++;
			}
			return place;
		})).toList();
	}

	/**
	 * The counter-runs of a diff as they stand.
	 * @throws RequestException if there are none
	 */
	Study get(String diff) {
		this.diffs.get(diff);
		return this.rows.find(diff)
			.orElseThrow(() -> RequestException.notFound("counter-runs of this diff; POST to this address makes them"));
	}

	private void advance(String diff) {
		Study study = this.rows.find(diff).orElseThrow();
		if (!study.pending()) {
			return;
		}
		JsonNode content = this.diffs.get(diff).json();
		for (CounterRun run : study.runs()) {
			judge(diff, content, run);
		}
		Study now = this.rows.find(diff).orElseThrow();
		this.copies.replace(RowKind.COUNTER_STUDY, diff);
		if (now.runs().stream().allMatch(CounterRun::judged)) {
			next(now, content);
		}
	}

	private void judge(String diff, JsonNode content, CounterRun run) {
		if (run.judged() || !this.runs.get(run.run()).state().isFinal()) {
			return;
		}
		Side against = (run.change() == null) ? run.base() : Side.RIGHT;
		Comparison comparison = this.json.treeToValue(content.path("compare"), Comparison.class);
		RunJudge.Judged judged = this.judge.judge(content.path(against.word()).asString(), run.run(), comparison,
				PATIENCE);
		this.rows.judged(diff, run.position(), judged.outcome(), judged.reason(), judged.diff());
	}

	private void next(Study study, JsonNode content) {
		CounterRun unchanged = study.runs().getFirst();
		if (unchanged.outcome() != RunOutcome.REPRODUCES) {
			end(study, StudyOutcome.NOT_REPRODUCED, "Left, run again unchanged (run " + unchanged.run()
					+ "), did not give the same again, so that what a change makes of it says nothing.");
			return;
		}
		List<CounterRun> single = study.runs(Side.LEFT, true);
		if (single.isEmpty()) {
			submit(study, content, Side.LEFT, false);
			return;
		}
		List<Change> confirmed = changes(single, RunOutcome.REPRODUCES);
		if (!confirmed.isEmpty()) {
			this.diffs.confirm(study.diff(),
					confirmed.stream().map((one) -> new Diffs.Confirmed(one.layer(), one.key())).toList());
			end(study, StudyOutcome.CONFIRMED,
					"Left with nothing but " + words(confirmed, " or ") + " of right gives what right gave.");
			return;
		}
		List<CounterRun> without = study.runs(Side.RIGHT, true);
		if (without.isEmpty()) {
			if (study.changes().size() < 2 || study.runsLeft() < 2) {
				end(study, StudyOutcome.NOT_CONFIRMED, "No change alone made left into right"
						+ ((study.changes().size() < 2) ? "." : ", and no more runs were allowed.") + untried(study));
			}
			else {
				submit(study, content, Side.RIGHT, true);
			}
			return;
		}
		conclude(study, without);
	}

	private void conclude(Study study, List<CounterRun> without) {
		CounterRun unchanged = study.runs(Side.RIGHT, false).getFirst();
		if (unchanged.outcome() != RunOutcome.REPRODUCES) {
			end(study, StudyOutcome.NOT_REPRODUCED, "No change alone made left into right; and right, run again"
					+ " unchanged (run " + unchanged.run() + "), did not give the same again.");
			return;
		}
		List<Change> needed = changes(without, RunOutcome.DIFFERS);
		if (needed.isEmpty()) {
			end(study, StudyOutcome.NOT_CONFIRMED,
					"No change alone made left into right, and right stays what it is without any of them."
							+ untried(study));
			return;
		}
		end(study, StudyOutcome.JOINT, "No change alone made left into right; right is not what it is without "
				+ words(needed, ", nor without ") + "." + untried(study));
	}

	private static String untried(Study study) {
		return (study.leftOut() == 0) ? ""
				: " " + study.leftOut() + " differences were not tried: ask with a larger maxRuns of another diff.";
	}

	private static List<Change> changes(List<CounterRun> runs, RunOutcome outcome) {
		List<Change> changes = new ArrayList<>();
		for (CounterRun run : runs) {
			Change change = run.change();
			if (run.outcome() == outcome && change != null) {
				changes.add(change);
			}
		}
		return changes;
	}

	private static String words(List<Change> changes, String between) {
		return changes.stream().map(Change::words).collect(Collectors.joining(between));
	}

	/**
	 * Submits one side with each change taken from the other, as many as may be made.
	 * @param unchanged whether the side is to be run unchanged first
	 */
	private void submit(Study study, JsonNode content, Side base, boolean unchanged) {
		Run own = this.runs.get(content.path(base.word()).asString());
		Run other = this.runs.get(content.path(((base == Side.LEFT) ? Side.RIGHT : Side.LEFT).word()).asString());
		int allowed = Math.min(study.changes().size(), study.runsLeft() - (unchanged ? 1 : 0));
		List<String> made = this.transaction.execute((status) -> {
			List<String> submitted = new ArrayList<>();
			int position = study.runs().size();
			if (unchanged) {
				submitted.add(submit(study.diff(), position++, own, base, unchanged(own), null));
			}
			for (int i = 0; i < allowed; i++) {
				submitted.add(submit(study.diff(), position++, own, base, take(own, other, study.changes().get(i)), i));
			}
			return submitted;
		});
		this.copies.replace(RowKind.COUNTER_STUDY, study.diff());
		this.submissions.announce(made);
	}

	private Changes.Taken take(Run base, Run from, Change change) {
		try {
			return this.changes.take(base, from, change);
		}
		catch (IOException ex) {
			throw new UncheckedIOException("code for a counter-run cannot be kept", ex);
		}
	}

	private String submit(String diff, int position, Run original, Side base, Changes.Taken taken,
			@Nullable Integer change) {
		String run = this.submissions.repeat(original, taken.spec(), Watch.PLAIN.withKnobs(taken.knobs()));
		this.submissions.flush();
		this.rows.add(diff, position, run, base, change);
		return run;
	}

	private void end(Study study, StudyOutcome outcome, String statement) {
		if (this.rows.end(study.diff(), outcome, statement)) {
			this.copies.replace(RowKind.COUNTER_STUDY, study.diff());
		}
	}

}
