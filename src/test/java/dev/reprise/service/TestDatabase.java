package dev.reprise.service;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import com.zaxxer.hikari.HikariDataSource;

/**
 * The databases that the service runs on, all of them real.
 */
public enum TestDatabase {

	H2, POSTGRESQL;

	/**
	 * Properties of a service with a new, empty database.
	 * @param data the data folder of the service
	 */
	public Map<String, String> properties(Path data) {
		return switch (this) {
			case H2 -> Map.of("spring.datasource.url",
					"jdbc:h2:async:" + data.resolve("db/reprise") + ";WRITE_DELAY=0;DB_CLOSE_ON_EXIT=FALSE",
					"spring.datasource.username", "reprise", "spring.datasource.password", "");
			case POSTGRESQL ->
				Map.of("spring.datasource.url", PostgresServer.newDatabase(), "spring.datasource.username",
						PostgresServer.USER, "spring.datasource.password", PostgresServer.password());
		};
	}

	/**
	 * The same as options of a command.
	 */
	public List<String> options(Path data) {
		List<String> options = new ArrayList<>();
		properties(data).forEach((name, content) -> options.add("--" + name + "=" + content));
		return options;
	}

	/**
	 * Connections to the database that properties name.
	 */
	public static HikariDataSource open(Map<String, String> properties) {
		HikariDataSource source = new HikariDataSource();
		source.setJdbcUrl(properties.get("spring.datasource.url"));
		source.setUsername(properties.get("spring.datasource.username"));
		source.setPassword(properties.get("spring.datasource.password"));
		source.setMaximumPoolSize(20);
		return source;
	}

}
