package dev.reprise.replay;

import dev.reprise.service.Api;
import dev.reprise.service.PostgresServiceTest;

/**
 * The same on PostgreSQL.
 */
@PostgresServiceTest
class CertificateRequestOnPostgresTests extends CertificateRequestTests {

	CertificateRequestOnPostgresTests(Api api) {
		super(api);
	}

}
