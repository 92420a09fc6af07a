package dev.reprise.run;

import dev.reprise.artifact.DataFolder;
import dev.reprise.service.Api;
import dev.reprise.service.PostgresServiceTest;

/**
 * The same on PostgreSQL.
 */
@PostgresServiceTest
class RunRequestOnPostgresTests extends RunRequestTests {

	RunRequestOnPostgresTests(Api api, DataFolder data, Runs runs) {
		super(api, data, runs);
	}

}
