package dev.reprise.queue;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import dev.reprise.queue.schedule.Demand;
import dev.reprise.queue.schedule.WaitingRun;
import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * The front of the queue: however many runs wait, so many are read at most, each read
 * being the beginning of an index. It is the oldest of the highest priority, and of each
 * project at each priority the oldest, so that no project hides another.
 */
@Component
class WaitingRuns {

	private static final int OLDEST = 128;

	private static final int LANES = 64;

	private static final int OF_LANES = 256;

	private static final String COLUMNS = "select id, attempt, priority, project, gpus, gpu_model, cpus, memory,"
			+ " timeout_seconds from runs ";

	// State and priority are named in the order although they are given: so the database
	// sees that an index has the rows in this order already. What is looked for behind a
	// value
	// is looked for from the next one on: H2 goes through all that are equal to it
	// otherwise.

	static final String OLDEST_RUNS = COLUMNS + "where state = 'QUEUED' order by state, priority desc, id limit ?";

	static final String OF_LANE = COLUMNS + """
			where state = 'QUEUED' and priority = ? and project_lane = ?
			order by state, priority desc, project_lane, id limit ?""";

	static final String NEXT_PRIORITY = """
			select priority from runs where state = 'QUEUED' and priority <= ?
			order by state, priority desc, project_lane, id limit 1""";

	static final String NEXT_LANE = """
			select project_lane from runs where state = 'QUEUED' and priority = ? and project_lane >= ?
			order by state, priority desc, project_lane, id limit 1""";

	private final JdbcClient jdbc;

	WaitingRuns(JdbcClient jdbc) {
		this.jdbc = jdbc;
	}

	/**
	 * The runs that are to be thought of.
	 * @param promised one that is thought of wherever it stands, or null
	 */
	List<WaitingRun> front(@Nullable String promised) {
		Map<String, WaitingRun> front = new LinkedHashMap<>();
		if (promised != null) {
			add(front, this.jdbc.sql(COLUMNS + "where id = ? and state = 'QUEUED'").param(promised));
		}
		add(front, this.jdbc.sql(OLDEST_RUNS).param(OLDEST));
		if (front.size() < OLDEST) {
			return List.copyOf(front.values());
		}
		List<Lane> lanes = lanes();
		int each = OF_LANES / lanes.size();
		for (Lane lane : lanes) {
			add(front, this.jdbc.sql(OF_LANE).params(lane.priority, lane.project, each));
		}
		return List.copyOf(front.values());
	}

	/**
	 * How many wait.
	 */
	long count() {
		return this.jdbc.sql("select count(*) from runs where state = 'QUEUED'").query(Long.class).single();
	}

	private static void add(Map<String, WaitingRun> front, JdbcClient.StatementSpec statement) {
		statement.query(WaitingRuns::row).list().forEach((run) -> front.put(run.id(), run));
	}

	private static WaitingRun row(ResultSet row, int number) throws SQLException {
		return new WaitingRun(row.getString("id"), row.getInt("attempt"), row.getInt("priority"),
				row.getString("project"),
				new Demand(row.getInt("gpus"), row.getString("gpu_model"), row.getInt("cpus"), row.getLong("memory")),
				Duration.ofSeconds(row.getLong("timeout_seconds")));
	}

	/**
	 * Which projects wait at which priorities, the highest first. Each is found by
	 * looking behind the one before, since a distinct would go through all that wait.
	 */
	private List<Lane> lanes() {
		List<Lane> lanes = new ArrayList<>();
		Optional<Integer> priority = next(NEXT_PRIORITY, Integer.class, Integer.MAX_VALUE);
		while (priority.isPresent() && lanes.size() < LANES) {
			int level = priority.get();
			Optional<Long> project = next(NEXT_LANE, Long.class, level, 0L);
			while (project.isPresent() && lanes.size() < LANES) {
				lanes.add(new Lane(level, project.get()));
				project = next(NEXT_LANE, Long.class, level, project.get() + 1);
			}
			priority = next(NEXT_PRIORITY, Integer.class, level - 1);
		}
		return lanes.isEmpty() ? List.of(new Lane(0, 0)) : lanes;
	}

	private <T> Optional<T> next(String sql, Class<T> type, Object... from) {
		return this.jdbc.sql(sql).params(from).query(type).optional();
	}

	/**
	 * Runs that wait at one priority for one project.
	 *
	 * @param priority theirs
	 * @param project the number that stands for theirs
	 */
	private record Lane(int priority, long project) {
	}

}
