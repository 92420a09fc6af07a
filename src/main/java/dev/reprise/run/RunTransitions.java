package dev.reprise.run;

import java.sql.Timestamp;
import java.time.Clock;
import java.time.Instant;

import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/**
 * Every change of a run's state, each one conditional update with the attempt as fence:
 * whoever no longer holds the fence changes nothing and is told so by {@code false}.
 */
@Component
public class RunTransitions {

	private final JdbcClient jdbc;

	private final Clock clock;

	RunTransitions(JdbcClient jdbc, Clock clock) {
		this.jdbc = jdbc;
		this.clock = clock;
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
				where id = ? and attempt = ? and state = 'QUEUED' and cancel_requested = false""")
			.params(isolation, now, run, attempt)
			.update();
		if (rows == 1) {
			this.jdbc.sql("insert into attempts (run_id, number, state, started_at) values (?, ?, 'STARTING', ?)")
				.params(run, attempt + 1, now)
				.update();
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
	 * The run has come to its end.
	 */
	@Transactional
	public boolean finish(String run, int attempt, RunState from, RunEnd end) {
		Failure failure = end.failure();
		OutputSummary outputs = end.outputs();
		int rows = this.jdbc.sql("""
				update runs set state = :state, finished_at = :now, failure_kind = :kind, failure_message = :message,
				  failure_operation = :operation, failure_location = :location, failure_exit_code = :exitCode,
				  outputs_digest = :digest, outputs_files = :files, outputs_bytes = :bytes
				where id = :id and attempt = :attempt and state = :from""")
			.param("state", end.state().name())
			.param("now", now())
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
		if (rows == 1 && attempt > 0) {
			ended(run, attempt, end.ending());
		}
		return rows == 1;
	}

	/**
	 * The attempt was lost, and the run goes back to wait for another, unless someone
	 * wants it cancelled: it would wait for ever.
	 */
	@Transactional
	public boolean requeue(String run, int attempt, RunState from, String ending) {
		return this.jdbc.sql("""
				update runs set state = 'QUEUED'
				where id = ? and attempt = ? and state = ? and cancel_requested = false""")
			.params(run, attempt, from.name())
			.update() == 1 && ended(run, attempt, ending);
	}

	/**
	 * Notes that someone wants the run cancelled.
	 * @return whether the run had not come to its end
	 */
	@Transactional
	public boolean requestCancel(String run) {
		return this.jdbc.sql("""
				update runs set cancel_requested = true
				where id = ? and state in ('QUEUED', 'STARTING', 'RUNNING', 'COLLECTING')""").param(run).update() == 1;
	}

	private boolean move(String run, int attempt, RunState from, RunState to) {
		return this.jdbc.sql("update runs set state = ? where id = ? and attempt = ? and state = ?")
			.params(to.name(), run, attempt, from.name())
			.update() == 1;
	}

	private boolean ended(String run, int attempt, @Nullable String ending) {
		return this.jdbc.sql("""
				update attempts set state = 'ENDED', ended_at = ?, ending = coalesce(?, ending)
				where run_id = ? and number = ?""")
			.params(java.util.Arrays.asList(now(), (ending != null) ? cut(ending) : null, run, attempt))
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
