package dev.reprise.run;

import dev.reprise.artifact.DataFolder;
import dev.reprise.service.Api;
import dev.reprise.service.PostgresServiceTest;

/**
 * The same on PostgreSQL.
 */
@PostgresServiceTest
class RunRequestOnPostgresTests extends RunRequestTests {

	RunRequestOnPostgresTests(Api api, DataFolder data) {
		super(api, data);
	}

}
