package dev.reprise.replay.zoom;

import java.sql.Timestamp;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Zooms in the database, one a diff.
 */
@Component
class ZoomRows {

	private final JdbcClient jdbc;

	private final JsonMapper json;

	ZoomRows(JdbcClient jdbc, JsonMapper json) {
		this.jdbc = jdbc;
		this.json = json;
	}

	/**
	 * Adds one.
	 * @throws org.springframework.dao.DuplicateKeyException if that diff has one
	 */
	void add(String diff, long step, String process, String left, String right, Instant now) {
		this.jdbc.sql("""
				insert into zooms (id, step, process, left_run, right_run, state, created_at)
				values (?, ?, ?, ?, ?, 'PENDING', ?)""")
			.params(diff, step, process, left, right, Timestamp.from(now))
			.update();
	}

	/**
	 * Ends one, once.
	 */
	boolean end(String diff, ZoomResult result) {
		return this.jdbc.sql("""
				update zooms set state = 'DONE', outcome = :outcome, result = :result
				where id = :diff and state = 'PENDING'""")
			.param("outcome", result.outcome().name())
			.param("result", this.json.writeValueAsString(result))
			.param("diff", diff)
			.update() == 1;
	}

	Optional<ZoomView> find(String diff) {
		return this.jdbc.sql("select * from zooms where id = ?").param(diff).query((row, number) -> {
			String text = row.getString("result");
			@Nullable ZoomResult result = (text != null) ? this.json.readValue(text, ZoomResult.class) : null;
			return new ZoomView(row.getString("id"), row.getString("state"), row.getLong("step"),
					row.getString("process"), row.getString("left_run"), row.getString("right_run"),
					(result != null) ? result.outcome() : null, (result != null) ? result.finding() : null,
					(result != null) ? result.statement() : null,
					row.getObject("created_at", OffsetDateTime.class).toInstant());
		}).optional();
	}

	List<String> pending() {
		return this.jdbc.sql("select id from zooms where state = 'PENDING' order by id")
			.query((row, number) -> row.getString(1))
			.list();
	}

	Optional<String> ofRun(String run) {
		return this.jdbc.sql("select id from zooms where left_run = ? or right_run = ?")
			.params(run, run)
			.query((row, number) -> row.getString(1))
			.optional();
	}

}
