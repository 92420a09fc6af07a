package dev.reprise.queue;

import dev.reprise.artifact.DataFolder;
import dev.reprise.run.RunTransitions;
import dev.reprise.service.PostgresServiceTest;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The same on PostgreSQL.
 */
@PostgresServiceTest
class ClaimSpeedOnPostgresTests extends ClaimSpeedTests {

	private final JdbcClient jdbc;

	ClaimSpeedOnPostgresTests(WaitingRuns waiting, RunTransitions transitions, JdbcClient jdbc,
			TransactionTemplate transaction, DataFolder data) {
		super(waiting, transitions, jdbc, transaction, data);
		this.jdbc = jdbc;
	}

	/**
	 * What autovacuum does within a minute of such a change.
	 */
	@Override
	void settle() {
		this.jdbc.sql("vacuum analyze").update();
	}

}
