package dev.reprise.replay.cost;

import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import dev.reprise.database.Durability;
import dev.reprise.database.RowCopies;
import dev.reprise.database.RowKind;
import dev.reprise.http.Idempotency;
import dev.reprise.http.RequestException;
import dev.reprise.http.TimeSortedId;
import dev.reprise.replay.AwaitedRuns;
import dev.reprise.replay.certificate.Conditions;
import dev.reprise.run.Failure;
import dev.reprise.run.Run;
import dev.reprise.run.RunFolders;
import dev.reprise.run.RunState;
import dev.reprise.run.Runs;
import dev.reprise.run.Submissions;
import dev.reprise.run.Watch;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

import org.springframework.dao.DuplicateKeyException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Measures what a job costs with and without recipe and trace: one run after the other,
 * in turns, each submitted when the one before has ended, in this life of the service or
 * the next.
 */
@Component
class Costs {

	private static final Logger log = LoggerFactory.getLogger(Costs.class);

	private final CostRows rows;

	private final Runs runs;

	private final RunFolders folders;

	private final Submissions submissions;

	private final TimeSortedId ids;

	private final Clock clock;

	private final Idempotency idempotency;

	private final TransactionTemplate transaction;

	private final RowCopies copies;

	private final Durability durability;

	Costs(CostRows rows, Runs runs, RunFolders folders, Submissions submissions, TimeSortedId ids, Clock clock,
			Idempotency idempotency, TransactionTemplate transaction, RowCopies copies, Durability durability,
			AwaitedRuns awaited) {
		this.rows = rows;
		this.runs = runs;
		this.folders = folders;
		this.submissions = submissions;
		this.ids = ids;
		this.clock = clock;
		this.idempotency = idempotency;
		this.transaction = transaction;
		this.copies = copies;
		this.durability = durability;
		awaited.add("cost", (run) -> rows.ofRun(run).stream().toList(), rows::pending, this::advance);
	}

	/**
	 * Begins to measure a run that has succeeded.
	 * @param rounds 1 to 10
	 * @param key makes the request take effect once, or null
	 * @param request identifies the request's content
	 * @throws RequestException if there is no such run, or nothing of it can be measured
	 */
	CostView measure(String original, int rounds, @Nullable String key, String request) {
		Run run = this.runs.get(original);
		if (run.state() != RunState.SUCCEEDED) {
			throw RequestException
				.conflict("The run is " + run.state() + "; measure one that has succeeded, since it is run again.");
		}
		List<Arm> arms = Arm.of(run.spec());
		if (arms.size() < 2) {
			throw RequestException.conflict("The run has neither a recipe (determinism is off) nor a trace, so there is"
					+ " nothing to measure. Submit it again with one of them, and measure that.");
		}
		Idempotency.Made made = this.idempotency.once(key, request, () -> {
			Instant now = this.clock.instant().truncatedTo(ChronoUnit.MICROS);
			CostRow row = new CostRow(this.ids.next(), original, rounds, arms, "PENDING", null, now);
			this.rows.add(row);
			submit(row, run, 0);
			return row.id();
		});
		List<String> first = this.rows.runs(made.id()).stream().limit(1).map(CostRun::run).toList();
		if (made.now()) {
			this.copies.first(RowKind.COST, List.of(made.id()));
			this.submissions.announce(first);
		}
		else {
			this.durability.force();
		}
		return get(made.id());
	}

	CostView get(String id) {
		CostRow row = (TimeSortedId.isId(id) ? this.rows.find(id) : Optional.<CostRow>empty())
			.orElseThrow(() -> RequestException.notFound("cost measurement of that id"));
		return CostView.of(row, this.rows.runs(id));
	}

	/**
	 * Takes a measurement as far as it can be taken now. Whatever a former life had come
	 * to, this goes on from there: each part of it happens once.
	 */
	private void advance(String cost) {
		CostRow row = this.rows.find(cost).orElseThrow();
		List<CostRun> made = this.rows.runs(cost);
		if (!row.pending() || made.isEmpty()) {
			return;
		}
		CostRun last = made.getLast();
		Run run = this.runs.get(last.run());
		if (!run.state().isFinal()) {
			return;
		}
		if (run.state() != RunState.SUCCEEDED) {
			end(row, "run " + run.id() + ", " + row.arm(last.position()).title() + ", is " + run.state()
					+ why(run.failure()));
			return;
		}
		if (!last.measured()) {
			Conditions conditions = Conditions.of(this.folders.recordFolder(run.id()), this.runs.ranBesideOthers(run));
			this.rows.measured(cost, last.position(), Measurement.of(this.folders.recordFolder(run.id())),
					conditions.load());
		}
		if (made.size() == row.runs()) {
			end(row, null);
			return;
		}
		next(row, made.size());
	}

	private static String why(@Nullable Failure failure) {
		return (failure != null) ? ": " + failure.kind() : "";
	}

	private void next(CostRow row, int position) {
		Run original = this.runs.get(row.original());
		try {
			String run = this.transaction.execute((status) -> submit(row, original, position));
			this.copies.replace(RowKind.COST, row.id());
			this.submissions.announce(List.of(String.valueOf(run)));
		}
		catch (DuplicateKeyException ex) {
			log.info("run {} of cost measurement {} is there already", position, row.id());
		}
	}

	private String submit(CostRow row, Run original, int position) {
		Arm arm = row.arm(position);
		Map<String, JsonNode> knobs = (arm == Arm.PLAIN) ? Map.of() : original.watch().knobs();
		String run = this.submissions.repeat(original, arm.spec(original.spec()), Watch.ofTiming().withKnobs(knobs));
		this.submissions.flush();
		this.rows.add(row.id(), position, run);
		return run;
	}

	private void end(CostRow row, @Nullable String reason) {
		this.rows.end(row.id(), reason);
		this.copies.replace(RowKind.COST, row.id());
		this.durability.force();
	}

}
