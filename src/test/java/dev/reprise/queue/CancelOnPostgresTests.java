package dev.reprise.queue;

import dev.reprise.service.Api;
import dev.reprise.service.PostgresServiceTest;

/**
 * The same on PostgreSQL.
 */
@PostgresServiceTest
class CancelOnPostgresTests extends CancelTests {

	CancelOnPostgresTests(Api api) {
		super(api);
	}

}
