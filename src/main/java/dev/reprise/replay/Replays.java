package dev.reprise.replay;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

import dev.reprise.database.Durability;
import dev.reprise.database.RowCopies;
import dev.reprise.database.RowKind;
import dev.reprise.diff.DiffView;
import dev.reprise.diff.Diffs;
import dev.reprise.diff.engine.Comparison;
import dev.reprise.diff.engine.Verdict;
import dev.reprise.http.Idempotency;
import dev.reprise.http.RequestException;
import dev.reprise.http.TimeSortedId;
import dev.reprise.run.Run;
import dev.reprise.run.RunEnded;
import dev.reprise.run.Runs;
import dev.reprise.run.Submissions;
import jakarta.annotation.PreDestroy;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/**
 * Replays runs, and judges each replay once its run has ended, in this life of the
 * service or the next.
 */
@Component
class Replays {

	private static final Logger log = LoggerFactory.getLogger(Replays.class);

	private final ReplayRepository rows;

	private final Runs runs;

	private final Submissions submissions;

	private final Diffs diffs;

	private final TimeSortedId ids;

	private final Clock clock;

	private final JsonMapper json;

	private final Idempotency idempotency;

	private final RowCopies copies;

	private final Durability durability;

	private final ExecutorService judge = Executors
		.newSingleThreadExecutor(Thread.ofPlatform().daemon().name("replay").factory());

	Replays(ReplayRepository rows, Runs runs, Submissions submissions, Diffs diffs, TimeSortedId ids, Clock clock,
			JsonMapper json, Idempotency idempotency, RowCopies copies, Durability durability) {
		this.rows = rows;
		this.runs = runs;
		this.submissions = submissions;
		this.diffs = diffs;
		this.ids = ids;
		this.clock = clock;
		this.json = json;
		this.idempotency = idempotency;
		this.copies = copies;
		this.durability = durability;
	}

	/**
	 * Submits replays of a run that has ended.
	 * @param key makes the request take effect once, or null
	 * @param request identifies the request's content
	 * @throws RequestException if there is no such run, or it has not ended
	 */
	List<ReplayRow.View> replay(String original, int count, Comparison comparison, @Nullable String key,
			String request) {
		Run run = this.runs.get(original);
		if (!run.state().isFinal()) {
			throw RequestException.conflict("The run is " + run.state() + "; replay it once it has ended.");
		}
		String compare = this.json.writeValueAsString(comparison);
		// The rows of one request share their instant, which finds them again by the
		// first.
		Instant now = this.clock.instant().truncatedTo(ChronoUnit.MICROS);
		Idempotency.Made first = this.idempotency.once(key, request, () -> {
			List<ReplayRow> rows = new ArrayList<>();
			for (int i = 0; i < count; i++) {
				String repeat = this.submissions.repeat(run);
				rows.add(this.rows.saveAndFlush(new ReplayRow(this.ids.next(), original, repeat, compare, now)));
			}
			return rows.getFirst().id();
		});
		List<ReplayRow> made = this.rows.madeWith(first.id(), count);
		if (first.now()) {
			this.copies.first(RowKind.REPLAY, made.stream().map(ReplayRow::id).toList());
			this.submissions.announce(made.stream().map(ReplayRow::run).toList());
		}
		else {
			this.durability.force();
		}
		return made.stream().map(ReplayRow::view).toList();
	}

	List<ReplayRow.View> of(String original) {
		this.runs.get(original);
		return this.rows.findByOriginalOrderById(original).stream().map(ReplayRow::view).toList();
	}

	ReplayRow.View get(String id) {
		return (TimeSortedId.isId(id) ? this.rows.findById(id) : Optional.<ReplayRow>empty())
			.orElseThrow(() -> RequestException.notFound("replay of that id"))
			.view();
	}

	@EventListener
	void ended(RunEnded event) {
		this.rows.findByRun(event.run()).ifPresent((row) -> this.judge.execute(() -> judge(row.id())));
	}

	@EventListener(ApplicationReadyEvent.class)
	void judgeWhatEndedBefore() {
		for (ReplayRow row : this.rows.findByState("PENDING")) {
			if (this.runs.get(row.run()).state().isFinal()) {
				this.judge.execute(() -> judge(row.id()));
			}
		}
	}

	private void judge(String id) {
		ReplayRow row = this.rows.findById(id).orElseThrow();
		if (!row.state().equals("PENDING")) {
			return;
		}
		try {
			Comparison comparison = this.json.readValue(row.compare(), Comparison.class);
			DiffView diff = this.diffs.diff(row.original(), row.run(), comparison, Duration.ofDays(1));
			row.done(String.valueOf(diff.verdict()), diff.id());
		}
		catch (RequestException ex) {
			log.info("replay {} has nothing to compare: {}", id, ex.getMessage());
			row.done(Verdict.INCONCLUSIVE.name(), null);
		}
		catch (RuntimeException ex) {
			log.error("replay {} could not be judged; it stays pending until the next start", id, ex);
			return;
		}
		this.rows.saveAndFlush(row);
		this.copies.replace(RowKind.REPLAY, id);
	}

	@PreDestroy
	void close() {
		this.judge.shutdown();
	}

}
