package dev.reprise.replay.zoom;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;

import dev.reprise.database.RowCopies;
import dev.reprise.database.RowKind;
import dev.reprise.diff.Diffs;
import dev.reprise.http.RequestException;
import dev.reprise.replay.AwaitedRuns;
import dev.reprise.run.Run;
import dev.reprise.run.Runs;
import dev.reprise.run.Submissions;
import dev.reprise.run.Watch;
import tools.jackson.databind.JsonNode;

import org.springframework.dao.DuplicateKeyException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Runs both sides of a diff again, with every operator of the diverging step recorded,
 * and compares what was recorded when both have ended, in this life of the service or the
 * next.
 */
@Component
class Zooms {

	private final ZoomRows rows;

	private final Diffs diffs;

	private final Runs runs;

	private final Submissions submissions;

	private final ZoomJudge judge;

	private final TransactionTemplate transaction;

	private final RowCopies copies;

	private final Clock clock;

	Zooms(ZoomRows rows, Diffs diffs, Runs runs, Submissions submissions, ZoomJudge judge,
			TransactionTemplate transaction, RowCopies copies, Clock clock, AwaitedRuns awaited) {
		this.rows = rows;
		this.diffs = diffs;
		this.runs = runs;
		this.submissions = submissions;
		this.judge = judge;
		this.transaction = transaction;
		this.copies = copies;
		this.clock = clock;
		awaited.add("zoom", (run) -> rows.ofRun(run).stream().toList(), rows::pending, this::advance);
	}

	/**
	 * Begins a zoom, or gives the one that the diff has.
	 * @throws RequestException if there is no such diff, or it has no step to look at
	 */
	ZoomView zoom(String diff) {
		JsonNode content = this.diffs.get(diff).json();
		Optional<ZoomView> kept = this.rows.find(diff);
		if (kept.isPresent()) {
			return kept.get();
		}
		JsonNode divergence = divergence(content);
		Run left = this.runs.get(content.path("left").asString());
		Run right = this.runs.get(content.path("right").asString());
		long step = divergence.path("step").asLong();
		Watch watch = Watch.zoom(step);
		Instant now = this.clock.instant().truncatedTo(ChronoUnit.MICROS);
		List<String> made;
		try {
			made = this.transaction.execute((status) -> {
				List<String> both = List.of(
						this.submissions.repeat(left, left.spec(), watch.withKnobs(left.watch().knobs())),
						this.submissions.repeat(right, right.spec(), watch.withKnobs(right.watch().knobs())));
				this.submissions.flush();
				this.rows.add(diff, step, divergence.path("process").asString("main"), both.getFirst(), both.getLast(),
						now);
				return both;
			});
		}
		catch (DuplicateKeyException ex) {
			// Somebody else asked at the same time.
			return get(diff);
		}
		this.copies.first(RowKind.ZOOM, List.of(diff));
		this.submissions.announce(made);
		return get(diff);
	}

	private static JsonNode divergence(JsonNode content) {
		if (!content.hasNonNull("verdict")) {
			throw RequestException.conflict("The diff is not done yet; ask again when it is.");
		}
		JsonNode divergence = content.path("divergence");
		if (!divergence.isObject()) {
			throw RequestException
				.conflict("The traces of this diff part nowhere, so there is no step to look at: its trace is "
						+ content.path("coverage").path("trace").asString("off") + ".");
		}
		if (divergence.path("kind").asString("").equals("steps")) {
			throw RequestException.conflict("From step " + divergence.path("step").asLong()
					+ " on one side made no steps any more, so there are no two steps to compare.");
		}
		return divergence;
	}

	/**
	 * The zoom of a diff as it stands.
	 * @throws RequestException if there is none
	 */
	ZoomView get(String diff) {
		this.diffs.get(diff);
		return this.rows.find(diff)
			.orElseThrow(() -> RequestException.notFound("zoom of this diff; POST to this address makes one"));
	}

	private void advance(String diff) {
		ZoomView zoom = this.rows.find(diff).orElseThrow();
		if (!zoom.pending() || !this.runs.get(zoom.left()).state().isFinal()
				|| !this.runs.get(zoom.right()).state().isFinal()) {
			return;
		}
		if (this.rows.end(diff, this.judge.judge(this.diffs.get(diff).json(), zoom, Duration.ofDays(1)))) {
			this.copies.replace(RowKind.ZOOM, diff);
		}
	}

}
