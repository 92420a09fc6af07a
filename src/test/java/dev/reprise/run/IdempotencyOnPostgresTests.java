package dev.reprise.run;

import dev.reprise.service.Api;
import dev.reprise.service.PostgresServiceTest;

/**
 * The same on PostgreSQL.
 */
@PostgresServiceTest
class IdempotencyOnPostgresTests extends IdempotencyTests {

	IdempotencyOnPostgresTests(Api api) {
		super(api);
	}

}
