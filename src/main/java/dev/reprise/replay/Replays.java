package dev.reprise.replay;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

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
import dev.reprise.replay.certificate.Conditions;
import dev.reprise.run.Run;
import dev.reprise.run.RunFolders;
import dev.reprise.run.Runs;
import dev.reprise.run.Submissions;
import dev.reprise.run.Watch;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.jdbc.core.simple.JdbcClient;
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

	private final Controls controls;

	private final RunFolders folders;

	private final JdbcClient jdbc;

	private final TimeSortedId ids;

	private final Instants instants;

	private final JsonMapper json;

	private final Idempotency idempotency;

	private final RowCopies copies;

	private final Durability durability;

	Replays(ReplayRepository rows, Runs runs, Submissions submissions, Diffs diffs, Controls controls,
			RunFolders folders, JdbcClient jdbc, TimeSortedId ids, Clock clock, JsonMapper json,
			Idempotency idempotency, RowCopies copies, Durability durability, AwaitedRuns awaited) {
		this.controls = controls;
		this.folders = folders;
		this.jdbc = jdbc;
		this.instants = new Instants(clock);
		this.rows = rows;
		this.runs = runs;
		this.submissions = submissions;
		this.diffs = diffs;
		this.ids = ids;
		this.json = json;
		this.idempotency = idempotency;
		this.copies = copies;
		this.durability = durability;
		awaited.add("replay", this::ofRun, this::pending, this::judge);
	}

	/**
	 * Submits replays of a run that has ended.
	 * @param key makes the request take effect once, or null
	 * @param request identifies the request's content
	 * @throws RequestException if there is no such run, or it has not ended, or a control
	 * of it could not be found
	 */
	List<ReplayRow.View> replay(String original, ReplayRequest asked, @Nullable String key, String request) {
		Run run = this.runs.get(original);
		if (!run.state().isFinal()) {
			throw RequestException.conflict("The run is " + run.state() + "; replay it once it has ended.");
		}
		String compare = this.json.writeValueAsString(asked.comparison());
		// A bit that is flipped is neither tolerated nor ignored.
		String exact = this.json.writeValueAsString(Comparison.EXACT);
		Watch flip = asked.control() ? this.controls.draw(run) : null;
		Instant now = this.instants.next();
		Idempotency.Made first = this.idempotency.once(key, request, () -> {
			String id = "";
			for (int i = 0; i < asked.runs(); i++) {
				boolean control = flip != null && i == asked.count();
				Watch watch = (control ? Objects.requireNonNull(flip) : Watch.PLAIN).besideBusy(asked.busy())
					.withKnobs(run.watch().knobs());
				String repeat = this.submissions.repeat(run, run.spec(), watch);
				ReplayRow row = this.rows.saveAndFlush(new ReplayRow(this.ids.next(), original, repeat,
						control ? ReplayKind.CONTROL : ReplayKind.REPLAY, asked.busy(), control ? exact : compare,
						now));
				id = id.isEmpty() ? row.id() : id;
			}
			return id;
		});
		List<ReplayRow> made = this.rows.madeWith(this.rows.findById(first.id()).orElseThrow());
		if (first.now()) {
			this.copies.first(RowKind.REPLAY, made.stream().map(ReplayRow::id).toList());
			this.submissions.announce(made.stream().map(ReplayRow::run).toList());
		}
		else {
			this.durability.force();
		}
		return made.stream().map(ReplayRow::view).toList();
	}

	ReplayList of(String original) {
		this.runs.get(original);
		return ReplayList.of(this.rows.findByOriginalOrderById(original));
	}

	ReplayRow.View get(String id) {
		return (TimeSortedId.isId(id) ? this.rows.findById(id) : Optional.<ReplayRow>empty())
			.orElseThrow(() -> RequestException.notFound("replay of that id"))
			.view();
	}

	/**
	 * Those of one request with a control wait for its run too.
	 */
	private List<String> ofRun(String run) {
		return controlsFirst(this.rows.findByRun(run)
			.map((row) -> (row.kind() == ReplayKind.CONTROL) ? this.rows.madeWith(row) : List.of(row))
			.orElse(List.of()));
	}

	private List<String> pending() {
		return controlsFirst(this.rows.findByState("PENDING"));
	}

	private static List<String> controlsFirst(List<ReplayRow> rows) {
		return rows.stream()
			.sorted(Comparator.comparing((ReplayRow row) -> row.kind() != ReplayKind.CONTROL))
			.map(ReplayRow::id)
			.toList();
	}

	/**
	 * Judges a replay whose run has ended. One that was asked for with a control waits
	 * for that to be judged.
	 */
	private void judge(String id) {
		ReplayRow row = this.rows.findById(id).orElseThrow();
		if (!row.pending() || !this.runs.get(row.run()).state().isFinal()) {
			return;
		}
		DiffView diff = compare(row);
		if (row.kind() == ReplayKind.CONTROL) {
			ControlResult result = this.controls.judge(this.runs.get(row.run()), (diff != null) ? diff.json() : null);
			done(row, diff, (diff != null) ? verdict(diff) : Verdict.INCONCLUSIVE,
					result.found() ? null : "The flipped bit was not found: " + result.why() + ".", result);
			return;
		}
		Optional<ReplayRow> control = this.rows.madeWith(row)
			.stream()
			.filter((other) -> other.kind() == ReplayKind.CONTROL)
			.findFirst();
		if (control.isPresent() && control.get().pending()) {
			return;
		}
		judge(row, diff, control.map(ReplayRow::control).orElse(null));
	}

	private void judge(ReplayRow row, @Nullable DiffView diff, @Nullable ControlResult control) {
		Verdict verdict = (diff != null) ? verdict(diff) : Verdict.INCONCLUSIVE;
		if (control != null && !control.found() && saysEqual(verdict)) {
			done(row, diff, Verdict.INCONCLUSIVE,
					"Withdrawn: its diff says " + verdict
							+ ", but the check that it rests on missed a bit that was flipped on purpose: "
							+ control.why() + ".",
					null);
			return;
		}
		done(row, diff, verdict, null, null);
	}

	/**
	 * Only these rest on the check's having looked well: a difference that was found is
	 * there whatever else was missed.
	 */
	private static boolean saysEqual(Verdict verdict) {
		return switch (verdict) {
			case IDENTICAL, IDENTICAL_EXCEPT, WITHIN_TOLERANCE -> true;
			case DIFFERENT, NOT_COMPARABLE, INCONCLUSIVE -> false;
		};
	}

	private static Verdict verdict(DiffView diff) {
		return Verdict.valueOf(String.valueOf(diff.verdict()));
	}

	/**
	 * The diff of a replay against its original; null where nothing could be compared.
	 */
	private @Nullable DiffView compare(ReplayRow row) {
		try {
			Comparison comparison = this.json.readValue(row.compare(), Comparison.class);
			return this.diffs.diff(row.original(), row.run(), comparison, Duration.ofDays(1));
		}
		catch (RequestException ex) {
			log.info("replay {} has nothing to compare: {}", row.id(), ex.getMessage());
			return null;
		}
	}

	/**
	 * Ends a replay, once, whoever else may have come to it.
	 */
	private void done(ReplayRow row, @Nullable DiffView diff, Verdict verdict, @Nullable String reason,
			@Nullable ControlResult control) {
		Run run = this.runs.get(row.run());
		Conditions conditions = Conditions.of(this.folders.recordFolder(run.id()), this.runs.ranBesideOthers(run));
		String words = reason;
		if (row.busy() && !conditions.busy()) {
			words = ((reason != null) ? reason + " " : "")
					+ "Its cores were not kept busy from its start to its end, as was asked for.";
		}
		int rows = this.jdbc.sql("""
				update replays set state = 'DONE', verdict = :verdict, diff = :diff, ran_beside = :load,
				  machine = :machine, reason = :reason, control = :control
				where id = :id and state = 'PENDING'""")
			.param("verdict", verdict.name())
			.param("diff", (diff != null) ? diff.id() : null)
			.param("load", conditions.load())
			.param("machine",
					(conditions.machine() != null) ? this.json.writeValueAsString(conditions.machine()) : null)
			.param("reason", words)
			.param("control", (control != null) ? this.json.writeValueAsString(control) : null)
			.param("id", row.id())
			.update();
		if (rows == 1) {
			this.copies.replace(RowKind.REPLAY, row.id());
		}
	}

}
