package dev.reprise.replay;

import dev.reprise.service.Api;
import dev.reprise.service.PostgresServiceTest;

/**
 * The same on PostgreSQL.
 */
@PostgresServiceTest
class JudgeRequestOnPostgresTests extends JudgeRequestTests {

	JudgeRequestOnPostgresTests(Api api) {
		super(api);
	}

}
