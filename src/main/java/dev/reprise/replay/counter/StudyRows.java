package dev.reprise.replay.counter;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Counter-runs in the database, one study a diff.
 */
@Component
class StudyRows {

	private static final TypeReference<List<Change>> CHANGES = new TypeReference<>() {
	};

	private final JdbcClient jdbc;

	private final JsonMapper json;

	StudyRows(JdbcClient jdbc, JsonMapper json) {
		this.jdbc = jdbc;
		this.json = json;
	}

	/**
	 * Adds a study.
	 * @throws org.springframework.dao.DuplicateKeyException if that diff has one
	 */
	void add(String diff, int maxRuns, List<Change> changes, int leftOut, Instant now) {
		this.jdbc.sql("""
				insert into counter_studies (id, max_runs, changes, left_out, state, created_at)
				values (?, ?, ?, ?, 'PENDING', ?)""")
			.params(diff, maxRuns, this.json.writeValueAsString(changes), leftOut, Timestamp.from(now))
			.update();
	}

	/**
	 * Adds a run.
	 * @param change its place in the list of changes, null where nothing is changed
	 * @throws org.springframework.dao.DuplicateKeyException if that position has one
	 */
	void add(String diff, int position, String run, Side base, @Nullable Integer change) {
		this.jdbc.sql(
				"insert into counter_runs (study, position, run, base, change_index) values (:study, :position, :run, :base, :change)")
			.param("study", diff)
			.param("position", position)
			.param("run", run)
			.param("base", base.word())
			.param("change", change)
			.update();
	}

	/**
	 * Keeps how a run compares, once.
	 */
	boolean judged(String diff, int position, RunOutcome outcome, @Nullable String reason, @Nullable String compared) {
		return this.jdbc.sql("""
				update counter_runs set outcome = :outcome, reason = :reason, diff = :diff
				where study = :study and position = :position and outcome is null""")
			.param("outcome", outcome.name())
			.param("reason", reason)
			.param("diff", compared)
			.param("study", diff)
			.param("position", position)
			.update() == 1;
	}

	/**
	 * Ends a study, once.
	 */
	boolean end(String diff, StudyOutcome outcome, String statement) {
		return this.jdbc.sql("""
				update counter_studies set state = 'DONE', outcome = ?, statement = ?
				where id = ? and state = 'PENDING'""").params(outcome.name(), statement, diff).update() == 1;
	}

	Optional<Study> find(String diff) {
		return this.jdbc.sql("select * from counter_studies where id = ?").param(diff).query((row, number) -> {
			List<Change> changes = this.json.readValue(row.getString("changes"), CHANGES);
			String outcome = row.getString("outcome");
			return new Study(row.getString("id"), row.getString("state"),
					(outcome != null) ? StudyOutcome.valueOf(outcome) : null, row.getString("statement"),
					row.getInt("max_runs"), changes, row.getInt("left_out"), runs(diff, changes),
					row.getObject("created_at", OffsetDateTime.class).toInstant());
		}).optional();
	}

	private List<CounterRun> runs(String diff, List<Change> changes) {
		return this.jdbc.sql("select * from counter_runs where study = ? order by position")
			.param(diff)
			.query((row, number) -> run(row, changes))
			.list();
	}

	private static CounterRun run(ResultSet row, List<Change> changes) throws SQLException {
		Integer change = row.getObject("change_index", Integer.class);
		String outcome = row.getString("outcome");
		return new CounterRun(row.getInt("position"), row.getString("run"),
				"left".equals(row.getString("base")) ? Side.LEFT : Side.RIGHT,
				(change != null) ? changes.get(change) : null, (outcome != null) ? RunOutcome.valueOf(outcome) : null,
				row.getString("reason"), row.getString("diff"));
	}

	List<String> pending() {
		return this.jdbc.sql("select id from counter_studies where state = 'PENDING' order by id")
			.query((row, number) -> row.getString(1))
			.list();
	}

	Optional<String> ofRun(String run) {
		return this.jdbc.sql("select study from counter_runs where run = ?")
			.param(run)
			.query((row, number) -> row.getString(1))
			.optional();
	}

}
