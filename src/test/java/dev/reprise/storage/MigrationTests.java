package dev.reprise.storage;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

import com.zaxxer.hikari.HikariDataSource;
import dev.reprise.RepriseApplication;
import dev.reprise.service.Api;
import dev.reprise.service.TestDatabase;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.MigrationVersion;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.Resource;
import org.springframework.jdbc.datasource.init.ScriptUtils;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What an earlier version of the service kept, this one opens: every row is still there,
 * Hibernate finds the tables as it wants them, and the API shows what is in them.
 */
class MigrationTests {

	private static final String RUN = "01k00000000000000000000001";

	private static final String WAITING = "01k00000000000000000000002";

	@TempDir
	private Path data;

	static Stream<Arguments> versionsOnEachDatabase() {
		return Arrays.stream(TestDatabase.values())
			.flatMap((database) -> versions().map((version) -> Arguments.of(database, version)));
	}

	private static Stream<MigrationVersion> versions() {
		return Arrays
			.stream(Flyway.configure()
				.locations("classpath:db/migration")
				.dataSource("jdbc:h2:mem:", "", "")
				.load()
				.info()
				.all())
			.map(MigrationInfo::getVersion);
	}

	@ParameterizedTest
	@MethodSource("versionsOnEachDatabase")
	void whatAnEarlierVersionKeptIsStillThere(TestDatabase database, MigrationVersion version) throws Exception {
		Files.createDirectories(this.data.resolve("db"));
		Files.createDirectories(this.data.resolve("runs").resolve(RUN));
		Map<String, String> properties = database.properties(this.data);
		Map<String, Integer> before;
		try (HikariDataSource source = TestDatabase.open(properties); Connection connection = source.getConnection()) {
			for (MigrationVersion step : versions().filter((one) -> !one.isNewerThan(version)).toList()) {
				Flyway.configure().locations("classpath:db/migration").dataSource(source).target(step).load().migrate();
				Resource rows = new ClassPathResource("db/samples/V" + step + ".sql");
				if (rows.exists()) {
					ScriptUtils.executeSqlScript(connection,
							new org.springframework.core.io.support.EncodedResource(rows, StandardCharsets.UTF_8));
				}
			}
			before = counts(connection);
		}
		assertThat(before).containsEntry("runs", 2);
		SpringApplication application = new SpringApplication(RepriseApplication.class);
		application.setRegisterShutdownHook(false);
		List<String> options = new ArrayList<>(List.of("--server.port=0", "--reprise.data=" + this.data));
		properties.forEach((name, content) -> options.add("--" + name + "=" + content));
		try (ConfigurableApplicationContext context = application.run(options.toArray(String[]::new))) {
			shows(new Api(context.getEnvironment().getRequiredProperty("local.server.port", Integer.class)),
					before.containsKey("replays"));
		}
		try (HikariDataSource source = TestDatabase.open(properties); Connection connection = source.getConnection()) {
			Map<String, Integer> after = counts(connection);
			before.forEach((table, rows) -> assertThat(after.get(table)).as(table).isGreaterThanOrEqualTo(rows));
		}
	}

	private static void shows(Api api, boolean replays) {
		JsonNode run = api.get("/api/v1/runs/" + RUN).is(200).json();
		assertThat(run.path("name").asString()).isEqualTo("of version 1");
		assertThat(run.path("state").asString()).isEqualTo("FAILED");
		assertThat(run.path("createdAt").asString()).isEqualTo("2026-01-02T03:04:05.678901Z");
		assertThat(run.path("failure").path("kind").asString()).isEqualTo("EXIT");
		assertThat(run.path("failure").path("exitCode").asInt()).isEqualTo(3);
		assertThat(run.path("outputs").path("bytes").asLong()).isEqualTo(5_000_000_000L);
		assertThat(run.path("attempts").size()).isEqualTo(1);
		assertThat(run.path("spec").path("seed").asInt()).isEqualTo(Integer.MAX_VALUE);
		assertThat(api.get("/api/v1/runs?label=team:gr%C3%B6%C3%9Fe").json().path("items").size()).isEqualTo(1);
		api.get("/api/v1/runs/" + RUN + "/recipe").is(200);
		JsonNode waited = api.ended(WAITING);
		assertThat(waited.path("failure").path("kind").asString()).as("there is none here").isEqualTo("ENVIRONMENT");
		if (replays) {
			List<JsonNode> all = new ArrayList<>();
			api.get("/api/v1/runs/" + RUN + "/replays").is(200).json().path("items").forEach(all::add);
			assertThat(all).hasSize(1);
			assertThat(all.getFirst().path("verdict").asString()).isEqualTo("INCONCLUSIVE");
			api.get("/api/v1/diffs/" + all.getFirst().path("diff").asString()).is(200);
		}
	}

	private static Map<String, Integer> counts(Connection connection) throws Exception {
		Map<String, Integer> counts = new TreeMap<>();
		try (ResultSet tables = connection.createStatement()
			.executeQuery("select table_name from information_schema.tables"
					+ " where upper(table_schema) = 'PUBLIC' and table_type = 'BASE TABLE'")) {
			while (tables.next()) {
				String table = tables.getString("TABLE_NAME");
				try (var statement = connection.createStatement();
						ResultSet count = statement.executeQuery("select count(*) from \"" + table + "\"")) {
					count.next();
					counts.put(table.toLowerCase(Locale.ROOT), count.getInt(1));
				}
			}
		}
		return counts;
	}

}
