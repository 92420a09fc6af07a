package dev.reprise.queue;

import dev.reprise.run.RunTransitions;
import dev.reprise.service.PostgresServiceTest;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The same on PostgreSQL.
 */
@PostgresServiceTest
class ClaimSpeedOnPostgresTests extends ClaimSpeedTests {

	ClaimSpeedOnPostgresTests(WaitingRuns waiting, RunTransitions transitions, JdbcClient jdbc,
			TransactionTemplate transaction) {
		super(waiting, transitions, jdbc, transaction);
	}

}
