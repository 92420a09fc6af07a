package dev.reprise.queue;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

import dev.reprise.artifact.DataFolder;
import dev.reprise.queue.schedule.WaitingRun;
import dev.reprise.run.RunTransitions;
import dev.reprise.service.ServiceTest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A long queue: finding and claiming its head costs the same at its beginning and at its
 * end. The runs want more cores than there are, so that the service itself lets them be.
 */
@ServiceTest
class ClaimSpeedTests {

	private static final int RUNS = 10_000;

	private static final int PART = 1000;

	private static final double MOST = 1.2;

	private static final String PREFIX = "01k1c1a1mspeed0000000";

	private final WaitingRuns waiting;

	private final RunTransitions transitions;

	private final JdbcClient jdbc;

	private final TransactionTemplate transaction;

	private final DataFolder data;

	ClaimSpeedTests(WaitingRuns waiting, RunTransitions transitions, JdbcClient jdbc, TransactionTemplate transaction,
			DataFolder data) {
		this.waiting = waiting;
		this.transitions = transitions;
		this.jdbc = jdbc;
		this.transaction = transaction;
		this.data = data;
	}

	@BeforeEach
	void aLongQueue() throws IOException {
		remove();
		this.transaction.executeWithoutResult((status) -> {
			for (int i = 0; i < RUNS; i++) {
				this.jdbc
					.sql("""
							insert into runs (id, state, attempt, spec, code, priority, cpus, memory, cancel_requested, created_at)
							values (?, 'QUEUED', 0, '{}', 'sha256:0', ?, 100000, 1, false, current_timestamp)""")
					.params(PREFIX + String.format("%05d", i), 1000 - i % 3)
					.update();
			}
		});
	}

	/**
	 * With the copies that their claims made: a service that starts again on these
	 * refuses an empty database.
	 */
	@AfterEach
	void remove() throws IOException {
		this.transaction.executeWithoutResult((status) -> {
			this.jdbc.sql("delete from attempts where run_id like ?").param(PREFIX + "%").update();
			this.jdbc.sql("delete from runs where id like ?").param(PREFIX + "%").update();
		});
		try (DirectoryStream<Path> copies = Files.newDirectoryStream(this.data.root().resolve("rows"), PREFIX + "*")) {
			for (Path copy : copies) {
				Files.delete(copy);
			}
		}
	}

	@Test
	void theLastThousandClaimsTakeNoLongerThanTheFirst() throws IOException {
		// What the first claims in a process cost besides is no part of it.
		claim(PART);
		remove();
		aLongQueue();
		settle();
		double first = claim(PART);
		claim(RUNS - 2 * PART);
		settle();
		double last = claim(PART);
		assertThat(this.waiting.front(null)).isEmpty();
		assertThat(last / first).as("medians: " + first + " ms first, " + last + " ms last").isLessThanOrEqualTo(MOST);
	}

	/**
	 * Lets a database do what it does by itself after large changes.
	 */
	void settle() {
	}

	/**
	 * The median of so many claims, in milliseconds.
	 */
	private double claim(int count) {
		long[] times = new long[count];
		for (int i = 0; i < count; i++) {
			long start = System.nanoTime();
			WaitingRun head = this.waiting.front(null).getFirst();
			assertThat(this.transitions.claim(head.id(), head.attempt(), "none")).isTrue();
			times[i] = System.nanoTime() - start;
		}
		Arrays.sort(times);
		return times[count / 2] / 1e6;
	}

}
