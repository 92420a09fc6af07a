package dev.reprise.run;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Predicate;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import dev.reprise.artifact.DataFolder;
import dev.reprise.service.TestDatabase;
import org.flywaydb.core.Flyway;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.MapPropertySource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.annotation.EnableTransactionManagement;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The fence: whoever no longer holds a run changes nothing of it.
 */
@ParameterizedClass
@EnumSource
class RunTransitionsTests {

	private static final String RUN = "01k00000000000000000000001";

	private static final RunEnd SUCCEEDED = new RunEnd(RunState.SUCCEEDED, null,
			new OutputSummary("sha256:" + "1".repeat(64), 1, 2L), null);

	private final RunTransitions transitions;

	private final JdbcClient jdbc;

	private static @Nullable Context context;

	RunTransitionsTests(TestDatabase database) {
		Context opened = Objects.requireNonNull(context, database.name());
		this.transitions = opened.beans().getBean(RunTransitions.class);
		this.jdbc = opened.beans().getBean(JdbcClient.class);
	}

	@BeforeParameterizedClassInvocation
	static void open(TestDatabase database, @TempDir Path folder) {
		context = Context.open(database.properties(folder), folder);
	}

	@AfterParameterizedClassInvocation
	static void close() {
		if (context != null) {
			context.close();
		}
	}

	@BeforeEach
	void oneRunThatWaits() {
		this.jdbc.sql("delete from attempts").update();
		this.jdbc.sql("delete from runs").update();
		insert(RUN);
	}

	private void insert(String run) {
		this.jdbc.sql("""
				insert into runs (id, state, attempt, spec, code, priority, cpus, memory, cancel_requested, created_at)
				values (?, 'QUEUED', 0, '{}', 'sha256:0', 0, 1, 1, false, current_timestamp)""").param(run).update();
	}

	@Test
	void anAttemptGoesItsWay() {
		assertThat(this.transitions.claim(RUN, 0, "sandbox")).isTrue();
		assertThat(run()).containsEntry("STATE", "STARTING").containsEntry("ATTEMPT", 1);
		assertThat(this.transitions.running(RUN, 1)).isTrue();
		assertThat(this.transitions.collecting(RUN, 1, RunState.RUNNING, "it ended")).isTrue();
		assertThat(this.transitions.finish(RUN, 1, RunState.COLLECTING, SUCCEEDED)).isTrue();
		assertThat(run()).containsEntry("STATE", "SUCCEEDED");
		assertThat(attempts()).singleElement()
			.satisfies((attempt) -> assertThat(attempt).containsEntry("STATE", "ENDED")
				.containsEntry("ENDING", "it ended"));
	}

	@ParameterizedTest
	@EnumSource(names = { "STARTING", "RUNNING", "COLLECTING" })
	void aStaleAttemptChangesNothing(RunState now) {
		this.transitions.claim(RUN, 0, "sandbox");
		this.transitions.running(RUN, 1);
		assertThat(this.transitions.requeue(RUN, 1, RunState.RUNNING, "lost", null)).isTrue();
		this.transitions.claim(RUN, 1, "sandbox");
		if (now != RunState.STARTING) {
			this.transitions.running(RUN, 2);
		}
		if (now == RunState.COLLECTING) {
			this.transitions.collecting(RUN, 2, RunState.RUNNING, "ended");
		}
		nothingChanges(1, List.of(RunState.values()));
		nothingChanges(0, List.of(RunState.values()));
		nothingChanges(3, List.of(RunState.values()));
	}

	@Test
	void theAttemptThatHoldsTheFenceChangesNothingFromAnotherStateThanItIsIn() {
		this.transitions.claim(RUN, 0, "sandbox");
		this.transitions.running(RUN, 1);
		List<RunState> others = new ArrayList<>(List.of(RunState.values()));
		others.remove(RunState.RUNNING);
		nothingChanges(1, others);
	}

	@ParameterizedTest
	@EnumSource(names = { "SUCCEEDED", "FAILED", "CANCELLED" })
	void whatHasEndedStaysEnded(RunState end) {
		this.transitions.claim(RUN, 0, "sandbox");
		this.transitions.running(RUN, 1);
		Failure failure = (end == RunState.FAILED) ? Failure.of(FailureKind.EXIT, "it ended") : null;
		this.transitions.finish(RUN, 1, RunState.RUNNING, new RunEnd(end, failure, null, "so it ended"));
		List<RunState> others = new ArrayList<>(List.of(RunState.values()));
		others.remove(end);
		nothingChanges(1, others);
		Map<String, @Nullable Object> before = run();
		assertThat(this.transitions.requestCancel(RUN)).isFalse();
		assertThat(run()).isEqualTo(before);
	}

	@Test
	void whatIsToBeCancelledIsNotQueuedAgain() {
		assertThat(this.transitions.requestCancel(RUN)).as("what waits is ended at once instead").isFalse();
		this.transitions.claim(RUN, 0, "sandbox");
		this.transitions.running(RUN, 1);
		this.transitions.requestCancel(RUN);
		assertThat(this.transitions.requeue(RUN, 1, RunState.RUNNING, "lost", null)).isFalse();
		assertThat(run()).containsEntry("STATE", "RUNNING");
	}

	@Test
	void ofManyWhoClaimOneGetsIt() throws Exception {
		assertThat(winners(16, (one) -> this.transitions.claim(RUN, 0, "sandbox"))).isEqualTo(1);
		assertThat(run()).containsEntry("ATTEMPT", 1);
		assertThat(attempts()).hasSize(1);
	}

	@Test
	void ofManyWhoFinishOneDoes() throws Exception {
		this.transitions.claim(RUN, 0, "sandbox");
		this.transitions.running(RUN, 1);
		assertThat(winners(16, (one) -> switch (one % 3) {
			case 0 -> this.transitions.finish(RUN, 1, RunState.RUNNING, SUCCEEDED);
			case 1 ->
				this.transitions.finish(RUN, 1, RunState.RUNNING, new RunEnd(RunState.CANCELLED, null, null, "x"));
			default -> this.transitions.requeue(RUN, 1, RunState.RUNNING, "lost", null);
		})).isEqualTo(1);
	}

	@Test
	void ofTwoServicesOnOneDatabaseOneClaimsEachAttempt(@TempDir Path other) throws Exception {
		for (int i = 10; i < 60; i++) {
			insert("01k000000000000000000000" + i);
		}
		Context here = Objects.requireNonNull(context);
		// H2 is of one process; there it is two users of one database.
		Context second = Context
			.open(Map.of("spring.datasource.url", here.source().getJdbcUrl(), "spring.datasource.username",
					here.source().getUsername(), "spring.datasource.password", here.source().getPassword()), other);
		try {
			RunTransitions theirs = second.beans().getBean(RunTransitions.class);
			for (int i = 10; i < 60; i++) {
				String run = "01k000000000000000000000" + i;
				assertThat(winners(8, (one) -> ((one % 2 == 0) ? this.transitions : theirs).claim(run, 0, "sandbox")))
					.as(run)
					.isEqualTo(1);
			}
		}
		finally {
			second.close();
		}
		assertThat(this.jdbc.sql("select run_id from attempts").query().listOfRows()).hasSize(50);
		assertThat(this.jdbc.sql("select id from runs where attempt > 1").query().listOfRows()).isEmpty();
	}

	private void nothingChanges(int attempt, List<RunState> from) {
		Map<String, @Nullable Object> run = run();
		List<Map<String, @Nullable Object>> attempts = attempts();
		if (from.contains(RunState.QUEUED)) {
			assertThat(this.transitions.claim(RUN, attempt, "none")).isFalse();
		}
		if (from.contains(RunState.STARTING)) {
			assertThat(this.transitions.running(RUN, attempt)).isFalse();
		}
		for (RunState state : from) {
			assertThat(this.transitions.collecting(RUN, attempt, state, "stale")).isFalse();
			assertThat(this.transitions.requeue(RUN, attempt, state, "stale", null)).isFalse();
			assertThat(this.transitions.finish(RUN, attempt, state,
					new RunEnd(RunState.FAILED, Failure.of(FailureKind.LOST, "stale"), null, "stale")))
				.isFalse();
		}
		assertThat(run()).isEqualTo(run);
		assertThat(attempts()).isEqualTo(attempts);
	}

	private static int winners(int count, Predicate<Integer> attempt) throws Exception {
		CountDownLatch start = new CountDownLatch(1);
		List<Future<Boolean>> all = new ArrayList<>();
		try (ExecutorService threads = Executors.newFixedThreadPool(count)) {
			for (int i = 0; i < count; i++) {
				int one = i;
				all.add(threads.submit(() -> {
					start.await();
					return attempt.test(one);
				}));
			}
			start.countDown();
		}
		int winners = 0;
		for (Future<Boolean> one : all) {
			winners += one.get() ? 1 : 0;
		}
		return winners;
	}

	private Map<String, @Nullable Object> run() {
		return this.jdbc.sql("select * from runs where id = ?").param(RUN).query().singleRow();
	}

	private List<Map<String, @Nullable Object>> attempts() {
		return this.jdbc.sql("select * from attempts order by number").query().listOfRows();
	}

	/**
	 * What one service has of the database, and its own data folder.
	 */
	private record Context(AnnotationConfigApplicationContext beans, HikariDataSource source) {

		static Context open(Map<String, String> properties, Path data) {
			HikariDataSource source = TestDatabase.open(properties);
			Flyway.configure().dataSource(source).locations("classpath:db/migration").load().migrate();
			AnnotationConfigApplicationContext beans = new AnnotationConfigApplicationContext();
			beans.getEnvironment()
				.getPropertySources()
				.addFirst(new MapPropertySource("database", Map.copyOf(properties)));
			beans.registerBean(DataSource.class, () -> source);
			beans.registerBean(DataFolder.class, () -> DataFolder.open(data.toAbsolutePath()));
			beans.register(Beans.class);
			beans.refresh();
			return new Context(beans, source);
		}

		void close() {
			this.beans.close();
			this.source.close();
		}

	}

	/**
	 * What transitions need, and no more.
	 */
	@Configuration
	@EnableTransactionManagement
	@ComponentScan("dev.reprise.database")
	@Import(RunTransitions.class)
	static class Beans {

		@Bean
		JdbcTransactionManager transactionManager(DataSource source) {
			return new JdbcTransactionManager(source);
		}

		@Bean
		TransactionTemplate transactionTemplate(JdbcTransactionManager transactions) {
			return new TransactionTemplate(transactions);
		}

		@Bean
		JdbcClient jdbcClient(DataSource source) {
			return JdbcClient.create(source);
		}

		@Bean
		Clock clock() {
			return Clock.fixed(Instant.parse("2026-01-02T03:04:05Z"), ZoneOffset.UTC);
		}

	}

}
