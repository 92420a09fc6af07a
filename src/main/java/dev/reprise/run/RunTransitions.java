package dev.reprise.run;

import java.sql.Timestamp;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;

import dev.reprise.artifact.ListedFile;
import dev.reprise.database.Durability;
import dev.reprise.database.RowCopies;
import dev.reprise.database.RowKind;
import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Every change of a run's state, each one conditional update with the attempt as fence:
 * whoever no longer holds the fence changes nothing and is told so by {@code false}. What
 * a run could not be taken up without, the attempt and the end, is copied in the same
 * transaction.
 */
@Component
public class RunTransitions {

	private final JdbcClient jdbc;

	private final Clock clock;

	private final TransactionTemplate transaction;

	private final RowCopies copies;

	private final Durability durability;

	RunTransitions(JdbcClient jdbc, Clock clock, TransactionTemplate transaction, RowCopies copies,
			Durability durability) {
		this.jdbc = jdbc;
		this.clock = clock;
		this.transaction = transaction;
		this.copies = copies;
		this.durability = durability;
	}

	/**
	 * Takes a waiting run for a new attempt.
	 * @param attempt the number of the attempt before, 0 for none
	 * @return whether it was still waiting
	 */
	@Transactional
	public boolean claim(String run, int attempt, String isolation) {
		Timestamp now = now();
		int rows = this.jdbc.sql("""
				update runs set state = 'STARTING', attempt = attempt + 1, isolation = ?,
				  started_at = coalesce(started_at, ?)
				where id = ? and attempt = ? and state = 'QUEUED'""").params(isolation, now, run, attempt).update();
		if (rows == 1) {
			this.jdbc.sql("insert into attempts (run_id, number, state, started_at) values (?, ?, 'STARTING', ?)")
				.params(run, attempt + 1, now)
				.update();
			this.copies.replaceUnforced(RowKind.RUN, run);
		}
		return rows == 1;
	}

	/**
	 * The attempt's process is about to start.
	 */
	@Transactional
	public boolean running(String run, int attempt) {
		return move(run, attempt, RunState.STARTING, RunState.RUNNING)
				&& attempt(run, attempt, "state = 'RUNNING', running_at = ?", now());
	}

	/**
	 * The attempt's process has ended.
	 * @param ending a sentence that says how
	 */
	@Transactional
	public boolean collecting(String run, int attempt, RunState from, String ending) {
		return move(run, attempt, from, RunState.COLLECTING)
				&& this.jdbc.sql("update attempts set state = 'COLLECTING', ending = ? where run_id = ? and number = ?")
					.params(cut(ending), run, attempt)
					.update() == 1;
	}

	/**
	 * The run has come to its end, and that is on the disk. Not to be called in a
	 * transaction.
	 */
	public boolean finish(String run, int attempt, RunState from, RunEnd end) {
		boolean finished = Boolean.TRUE
			.equals(this.transaction.execute((status) -> finishOnce(run, attempt, from, end)));
		if (finished) {
			this.durability.force();
		}
		return finished;
	}

	private boolean finishOnce(String run, int attempt, RunState from, RunEnd end) {
		Timestamp now = now();
		Failure failure = end.failure();
		OutputSummary outputs = end.outputs();
		int rows = this.jdbc.sql("""
				update runs set state = :state, finished_at = :now, failure_kind = :kind, failure_message = :message,
				  failure_operation = :operation, failure_location = :location, failure_exit_code = :exitCode,
				  outputs_digest = :digest, outputs_files = :files, outputs_bytes = :bytes
				where id = :id and attempt = :attempt and state = :from""")
			.param("state", end.state().name())
			.param("now", now)
			.param("kind", (failure != null) ? failure.kind().name() : null)
			.param("message", (failure != null) ? failure.message() : null)
			.param("operation", (failure != null) ? failure.operation() : null)
			.param("location", (failure != null) ? failure.location() : null)
			.param("exitCode", (failure != null) ? failure.exitCode() : null)
			.param("digest", (outputs != null) ? outputs.digest() : null)
			.param("files", (outputs != null) ? outputs.files() : null)
			.param("bytes", (outputs != null) ? outputs.bytes() : null)
			.param("id", run)
			.param("attempt", attempt)
			.param("from", from.name())
			.update();
		if (rows == 1 && attempt > 0 && from != RunState.QUEUED) {
			ended(run, attempt, end.ending(), now);
		}
		if (rows == 1) {
			this.copies.replace(RowKind.RUN, run);
		}
		return rows == 1;
	}

	/**
	 * The attempt was lost, and the run goes back to wait for another, unless someone
	 * wants it cancelled.
	 * @param left what it had written, null where that is nothing
	 */
	@Transactional
	public boolean requeue(String run, int attempt, RunState from, String ending, @Nullable LeftOutputs left) {
		int rows = this.jdbc.sql("""
				update runs set state = 'QUEUED'
				where id = ? and attempt = ? and state = ? and cancel_requested = false""")
			.params(run, attempt, from.name())
			.update();
		if (rows == 1) {
			ended(run, attempt, ending, now());
			if (left != null) {
				write(run, attempt, left);
			}
			this.copies.replace(RowKind.RUN, run);
		}
		return rows == 1;
	}

	/**
	 * Holds what lost attempts of a run had written against its outputs.
	 */
	@Transactional
	public void compareLeft(String run, List<ListedFile> outputs) {
		this.jdbc.sql("select number, left_outputs from attempts where run_id = ? and left_outputs is not null")
			.param(run)
			.query((row, index) -> Map.entry(row.getInt(1), LeftOutputs.read(row.getString(2))))
			.list()
			.forEach((lost) -> write(run, lost.getKey(), lost.getValue().comparedWith(outputs)));
	}

	private void write(String run, int attempt, LeftOutputs left) {
		this.jdbc.sql("update attempts set left_outputs = ? where run_id = ? and number = ?")
			.params(left.json(), run, attempt)
			.update();
	}

	/**
	 * Notes that someone wants a run cancelled that an attempt has claimed.
	 * @return whether an attempt still had it
	 */
	@Transactional
	public boolean requestCancel(String run) {
		return this.jdbc.sql("""
				update runs set cancel_requested = true
				where id = ? and state in ('STARTING', 'RUNNING', 'COLLECTING')""").param(run).update() == 1;
	}

	private boolean move(String run, int attempt, RunState from, RunState to) {
		return this.jdbc.sql("update runs set state = ? where id = ? and attempt = ? and state = ?")
			.params(to.name(), run, attempt, from.name())
			.update() == 1;
	}

	private boolean ended(String run, int attempt, @Nullable String ending, Timestamp now) {
		return this.jdbc.sql("""
				update attempts set state = 'ENDED', ended_at = ?, ending = coalesce(?, ending)
				where run_id = ? and number = ?""")
			.params(java.util.Arrays.asList(now, (ending != null) ? cut(ending) : null, run, attempt))
			.update() == 1;
	}

	private boolean attempt(String run, int attempt, String change, Timestamp at) {
		return this.jdbc.sql("update attempts set " + change + " where run_id = ? and number = ?")
			.params(at, run, attempt)
			.update() == 1;
	}

	private Timestamp now() {
		return Timestamp.from(Instant.now(this.clock));
	}

	private static String cut(String text) {
		return (text.length() <= 4000) ? text : text.substring(0, 4000);
	}

}
