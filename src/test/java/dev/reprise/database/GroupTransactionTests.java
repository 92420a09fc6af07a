package dev.reprise.database;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.stream.IntStream;

import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.TransactionSystemException;
import org.springframework.transaction.support.DefaultTransactionStatus;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * Changes of many in one transaction: none is lost, none is made twice, and one that
 * fails is its own fault alone.
 */
class GroupTransactionTests {

	private static final int MANY = 20;

	private static final JdbcDataSource DATABASE = database();

	private final Commits commits = new Commits();

	private final Semaphore turn = new Semaphore(1);

	private final JdbcClient jdbc = JdbcClient.create(DATABASE);

	private final GroupTransaction group = new GroupTransaction(new TransactionTemplate(this.commits), this.turn);

	private static JdbcDataSource database() {
		JdbcDataSource database = new JdbcDataSource();
		database.setURL("jdbc:h2:mem:group;DB_CLOSE_DELAY=-1");
		return database;
	}

	@BeforeEach
	void emptyTable() {
		this.jdbc.sql("drop table if exists changes").update();
		this.jdbc.sql("create table changes (number integer primary key)").update();
	}

	@Test
	void whoAsksAtOneTimeSharesACommit() throws Exception {
		for (Future<Integer> made : atOnce(numbers())) {
			assertThat(made.get()).isBetween(0, MANY - 1);
		}
		assertThat(rows()).containsExactlyElementsOf(numbers());
		assertThat(this.commits.count).isEqualTo(1);
	}

	@Test
	void oneThatFailsTakesNoOtherAlong() throws Exception {
		List<Integer> numbers = new ArrayList<>(numbers());
		numbers.set(7, 3);
		int failed = 0;
		for (Future<Integer> made : atOnce(numbers)) {
			try {
				made.get();
			}
			catch (ExecutionException ex) {
				assertThat(ex).hasCauseInstanceOf(DuplicateKeyException.class);
				failed++;
			}
		}
		assertThat(failed).isEqualTo(1);
		assertThat(rows()).hasSize(MANY - 1).doesNotContain(7);
	}

	@Test
	void whatMayHaveBeenCommittedIsNotMadeAgain() throws Exception {
		this.commits.answerIsLost = true;
		for (Future<Integer> made : atOnce(numbers())) {
			assertThatThrownBy(made::get).hasCauseInstanceOf(TransactionSystemException.class);
		}
		assertThat(this.commits.count).isEqualTo(1);
		assertThat(rows()).containsExactlyElementsOf(numbers());
	}

	@Test
	void takesNobodyIntoATransactionThatIsNotTheirs() {
		new TransactionTemplate(this.commits)
			.executeWithoutResult((status) -> assertThatThrownBy(() -> this.group.execute(() -> 1))
				.isInstanceOf(IllegalStateException.class));
	}

	private List<Future<Integer>> atOnce(List<Integer> numbers) throws InterruptedException {
		// Another's round is under way until all have asked.
		this.turn.acquire();
		List<Future<Integer>> made = new ArrayList<>();
		try (ExecutorService threads = Executors.newFixedThreadPool(numbers.size())) {
			CountDownLatch asked = new CountDownLatch(numbers.size());
			List<Thread> asking = new ArrayList<>();
			for (int number : numbers) {
				made.add(threads.submit(() -> {
					synchronized (asking) {
						asking.add(Thread.currentThread());
					}
					asked.countDown();
					return this.group.execute(() -> insert(number));
				}));
			}
			asked.await();
			for (Thread thread : asking) {
				while (thread.getState() != Thread.State.WAITING) {
					Thread.onSpinWait();
				}
			}
			this.turn.release();
		}
		return made;
	}

	private int insert(int number) {
		this.jdbc.sql("insert into changes values (?)").param(number).update();
		return number;
	}

	private List<Integer> rows() {
		return this.jdbc.sql("select number from changes order by number").query((row, place) -> row.getInt(1)).list();
	}

	private static List<Integer> numbers() {
		return IntStream.range(0, MANY).boxed().toList();
	}

	/**
	 * Counts commits, and can lose the answer of one.
	 */
	private static final class Commits extends JdbcTransactionManager {

		private int count;

		private boolean answerIsLost;

		Commits() {
			super(DATABASE);
		}

		@Override
		protected void doCommit(DefaultTransactionStatus status) {
			super.doCommit(status);
			this.count++;
			if (this.answerIsLost) {
				throw new TransactionSystemException("the connection went while the commit was answered");
			}
		}

	}

}
