package dev.reprise.queue;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import dev.reprise.queue.schedule.WaitingRun;
import org.flywaydb.core.Flyway;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A queue of ten thousand: what is read of it is its front, and no more than that.
 */
class WaitingRunsTests {

	private static final int MANY = 10_000;

	private final JdbcDataSource database = new JdbcDataSource();

	private JdbcTemplate jdbc = new JdbcTemplate();

	@BeforeEach
	void tables() {
		this.database.setURL("jdbc:h2:mem:waiting-" + System.nanoTime() + ";DB_CLOSE_DELAY=-1");
		Flyway.configure().locations("classpath:db/migration").dataSource(this.database).load().migrate();
		this.jdbc = new JdbcTemplate(this.database);
	}

	private WaitingRuns waiting() {
		return new WaitingRuns(JdbcClient.create(this.database));
	}

	private void queue(String id, int priority, String project) {
		queue(List.<Object[]>of(new Object[] { id, priority, project, lane(project) }));
	}

	private void queue(List<Object[]> rows) {
		this.jdbc.batchUpdate("""
				insert into runs (id, state, attempt, spec, code, cpus, memory, cancel_requested, created_at, gpus,
				  timeout_seconds, priority, project, project_lane)
				values (?, 'QUEUED', 0, '{}', 'sha256:0', 1, 1, false, current_timestamp, 0, 60, ?, ?, ?)""", rows);
	}

	private static long lane(String project) {
		return project.hashCode() & 0xffff;
	}

	private void fill(int count, String... projects) {
		List<Object[]> rows = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			String project = projects[i % projects.length];
			rows.add(new Object[] { String.format("%026d", i), 0, project, lane(project) });
		}
		queue(rows);
	}

	private static List<String> ids(List<WaitingRun> runs) {
		return runs.stream().map(WaitingRun::id).toList();
	}

	@Test
	void theFrontIsBoundedHoweverManyWait() {
		fill(MANY, "a");
		assertThat(waiting().front(null)).hasSizeBetween(256, 400);
		assertThat(waiting().count()).isEqualTo(MANY);
	}

	@Test
	void aProjectThatComesLastIsSeenBehindTenThousandOfAnother() {
		fill(MANY, "a");
		queue("9", 0, "b");
		queue("8", -3, "c");
		assertThat(ids(waiting().front(null))).contains("8", "9", String.format("%026d", 0)).doesNotHaveDuplicates();
	}

	@Test
	void aHigherPriorityIsSeenFirst() {
		fill(MANY, "a");
		queue("9", 7, "z");
		assertThat(ids(waiting().front(null))).startsWith("9");
	}

	@Test
	void theRunThatWasPromisedIsSeenWhereverItStands() {
		fill(MANY, "a");
		assertThat(ids(waiting().front(String.format("%026d", 9_000)))).contains(String.format("%026d", 9_000));
		assertThat(waiting().front("0")).as("one that is gone is not").hasSizeLessThan(400);
	}

	@Test
	void amongMoreProjectsThanAreReadTheOldestOfAllAreSeen() {
		fill(3000, IntStream.range(0, 300).mapToObj((i) -> "p" + i).toArray(String[]::new));
		Set<String> projects = waiting().front(null).stream().map(WaitingRun::project).collect(Collectors.toSet());
		assertThat(projects).hasSizeGreaterThanOrEqualTo(128).contains("p0", "p127");
	}

	/**
	 * The database says how many rows it looked at: never more than it gave, and one.
	 */
	@Test
	void noStatementLooksAtMoreThanItReads() {
		fill(MANY, "a", "b", "c", "d");
		assertThat(looked(WaitingRuns.OLDEST_RUNS, 128)).isLessThanOrEqualTo(129);
		assertThat(looked(WaitingRuns.OF_LANE, 0, lane("c"), 64)).isLessThanOrEqualTo(65);
		assertThat(looked(WaitingRuns.NEXT_PRIORITY, Integer.MAX_VALUE)).isLessThanOrEqualTo(2);
		assertThat(looked(WaitingRuns.NEXT_LANE, 0, lane("b") + 1)).isLessThanOrEqualTo(2);
	}

	private int looked(String sql, Object... parameters) {
		String plan = this.jdbc.query("explain analyze " + sql, (row, number) -> row.getString(1), parameters)
			.getFirst();
		List<Integer> counts = new ArrayList<>();
		Matcher count = Pattern.compile("scanCount: (\\d+)").matcher(plan);
		while (count.find()) {
			counts.add(Integer.valueOf(count.group(1)));
		}
		assertThat(counts).as(plan).isNotEmpty();
		return counts.getFirst();
	}

}
