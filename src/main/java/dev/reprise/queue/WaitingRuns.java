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
		// State and priority are named in the order although they are given: so the
		// database sees that an index has the rows in this order already.
		add(front, this.jdbc.sql(COLUMNS + "where state = 'QUEUED' order by state, priority desc, id limit ?")
			.param(OLDEST));
		if (front.size() < OLDEST) {
			return List.copyOf(front.values());
		}
		List<Lane> lanes = lanes();
		int each = OF_LANES / lanes.size();
		for (Lane lane : lanes) {
			add(front, this.jdbc.sql(COLUMNS + """
					where state = 'QUEUED' and priority = ? and project = ?
					order by state, priority desc, project, id limit ?""").params(lane.priority, lane.project, each));
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
		Optional<Integer> priority = priorityBelow(Integer.MAX_VALUE);
		while (priority.isPresent() && lanes.size() < LANES) {
			int level = priority.get();
			Optional<String> project = projectAfter(level, "");
			while (project.isPresent() && lanes.size() < LANES) {
				lanes.add(new Lane(level, project.get()));
				project = projectAfter(level, project.get());
			}
			priority = priorityBelow(level);
		}
		return lanes.isEmpty() ? List.of(new Lane(0, "")) : lanes;
	}

	private Optional<Integer> priorityBelow(int priority) {
		return this.jdbc.sql("""
				select priority from runs where state = 'QUEUED' and priority < ?
				order by state, priority desc, project, id limit 1""").param(priority).query(Integer.class).optional();
	}

	private Optional<String> projectAfter(int priority, String project) {
		return this.jdbc.sql("""
				select project from runs where state = 'QUEUED' and priority = ? and project > ?
				order by state, priority desc, project, id limit 1""")
			.params(priority, project)
			.query(String.class)
			.optional();
	}

	/**
	 * Runs that wait at one priority for one project.
	 *
	 * @param priority theirs
	 * @param project theirs
	 */
	private record Lane(int priority, String project) {
	}

}
