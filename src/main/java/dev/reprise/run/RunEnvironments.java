package dev.reprise.run;

import dev.reprise.environment.EnvironmentUsers;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * The lock files of runs that have not ended.
 */
@Component
class RunEnvironments implements EnvironmentUsers {

	private final JdbcClient jdbc;

	RunEnvironments(JdbcClient jdbc) {
		this.jdbc = jdbc;
	}

	@Override
	public boolean need(String lock) {
		return this.jdbc.sql("""
				select count(*) from runs where environment_lock = ?
				  and state in ('QUEUED', 'STARTING', 'RUNNING', 'COLLECTING')""")
			.param(lock)
			.query(Long.class)
			.single() > 0;
	}

}
