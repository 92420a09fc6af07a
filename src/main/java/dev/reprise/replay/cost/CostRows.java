package dev.reprise.replay.cost;

import java.sql.Timestamp;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Measurements and their runs in the database. Every change is one conditional update or
 * an insert that a key lets happen once.
 */
@Component
class CostRows {

	private final JdbcClient jdbc;

	CostRows(JdbcClient jdbc) {
		this.jdbc = jdbc;
	}

	void add(CostRow row) {
		this.jdbc
			.sql("insert into costs (id, original, rounds, arms, state, created_at) values (?, ?, ?, ?, 'PENDING', ?)")
			.params(row.id(), row.original(), row.rounds(),
					row.arms().stream().map(Arm::name).collect(Collectors.joining(" ")),
					Timestamp.from(row.createdAt()))
			.update();
	}

	/**
	 * Adds a run.
	 * @throws org.springframework.dao.DuplicateKeyException if that position has one
	 */
	void add(String cost, int position, String run) {
		this.jdbc.sql("insert into cost_runs (cost_id, position, run) values (?, ?, ?)")
			.params(cost, position, run)
			.update();
	}

	/**
	 * Keeps what a run took, once.
	 */
	boolean measured(String cost, int position, Measurement measurement, String ranBeside) {
		return this.jdbc.sql("""
				update cost_runs set steps = :steps, step_nanos = :step, run_nanos = :run, ran_beside = :beside
				where cost_id = :cost and position = :position and steps is null""")
			.param("steps", measurement.steps())
			.param("step", measurement.stepNanos())
			.param("run", measurement.runNanos())
			.param("beside", ranBeside)
			.param("cost", cost)
			.param("position", position)
			.update() == 1;
	}

	/**
	 * Ends a measurement, once.
	 * @param reason why it failed, null where it is done
	 */
	boolean end(String cost, @Nullable String reason) {
		return this.jdbc.sql("update costs set state = :state, reason = :reason where id = :cost and state = 'PENDING'")
			.param("state", (reason == null) ? "DONE" : "FAILED")
			.param("reason", reason)
			.param("cost", cost)
			.update() == 1;
	}

	Optional<CostRow> find(String id) {
		return this.jdbc.sql("select * from costs where id = ?").param(id).query((row, number) -> {
			List<Arm> arms = Arrays.stream(row.getString("arms").split(" ")).map(Arm::valueOf).toList();
			return new CostRow(row.getString("id"), row.getString("original"), row.getInt("rounds"), arms,
					row.getString("state"), row.getString("reason"),
					row.getObject("created_at", OffsetDateTime.class).toInstant());
		}).optional();
	}

	List<CostRun> runs(String cost) {
		return this.jdbc.sql("select * from cost_runs where cost_id = ? order by position")
			.param(cost)
			.query((row, number) -> new CostRun(row.getInt("position"), row.getString("run"),
					row.getObject("steps", Long.class), row.getObject("step_nanos", Long.class),
					row.getObject("run_nanos", Long.class), row.getString("ran_beside")))
			.list();
	}

	List<String> pending() {
		return this.jdbc.sql("select id from costs where state = 'PENDING' order by id")
			.query((row, number) -> row.getString(1))
			.list();
	}

	Optional<String> ofRun(String run) {
		return this.jdbc.sql("select cost_id from cost_runs where run = ?")
			.param(run)
			.query((row, number) -> row.getString(1))
			.optional();
	}

}
