package dev.reprise.service;

import java.nio.file.Path;
import java.util.Map;

import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.MapPropertySource;

/**
 * Gives the service of a test PostgreSQL for its database.
 */
class OwnPostgresDatabase implements ApplicationContextInitializer<ConfigurableApplicationContext> {

	@Override
	public void initialize(ConfigurableApplicationContext context) {
		context.getEnvironment()
			.getPropertySources()
			.addFirst(new MapPropertySource("on-postgres",
					Map.copyOf(TestDatabase.POSTGRESQL.properties(Path.of("unused")))));
	}

}
