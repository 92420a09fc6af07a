package dev.reprise.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

import com.zaxxer.hikari.HikariDataSource;
import dev.reprise.artifact.DataFolder;
import dev.reprise.artifact.DataFolderInUseException;
import dev.reprise.artifact.Folders;
import dev.reprise.database.Rebuild;
import org.flywaydb.core.Flyway;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Makes the database of a data folder anew from the copies of its rows.
 */
final class Rebuilding {

	private static final int INCOMPLETE = 1;

	private static final int REFUSED = 3;

	private static final DateTimeFormatter STAMP = DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'")
		.withZone(ZoneOffset.UTC);

	private final Path data;

	private final Environment environment;

	private final PrintStream out;

	private Rebuilding(Path data, Environment environment, PrintStream out) {
		this.data = data;
		this.environment = environment;
		this.out = out;
	}

	/**
	 * Rebuilds.
	 * @return 0 if all was read, 1 if some was not, 3 if nothing was done
	 */
	static int run(Options options, PrintStream out) throws IOException {
		SpringApplication application = new SpringApplication(Settings.class);
		application.setWebApplicationType(WebApplicationType.NONE);
		try (ConfigurableApplicationContext context = application.run(options.properties().toArray(String[]::new))) {
			Path root = Path.of(context.getEnvironment().getRequiredProperty("reprise.data"));
			if (!Files.isDirectory(root.resolve("rows"))) {
				out.println(
						"reprise: " + root + " has no copies of rows in rows/, so there is nothing to rebuild from");
				return REFUSED;
			}
			try (DataFolder held = DataFolder.open(root)) {
				return new Rebuilding(held.root(), context.getEnvironment(), out).run();
			}
			catch (DataFolderInUseException ex) {
				out.println("reprise: " + ex.getMessage());
				return REFUSED;
			}
		}
	}

	private int run() throws IOException {
		String url = this.environment.getRequiredProperty("spring.datasource.url");
		if (!url.startsWith("jdbc:h2:")) {
			return fill(url);
		}
		Path database = this.data.resolve("db");
		Path fresh = this.data.resolve("db.rebuilding");
		String place = this.environment.getRequiredProperty("reprise.data") + "/db/";
		if (!url.contains(place)) {
			this.out
				.println("reprise: the database is not in " + database + "; move it away by hand, and rebuild in its"
						+ " own place with the property spring.datasource.url left out");
			return REFUSED;
		}
		Folders.remove(fresh);
		Files.createDirectory(fresh);
		int status = fill(url.replace(place, fresh + "/"));
		if (status == REFUSED) {
			Folders.remove(fresh);
			return status;
		}
		force(fresh.resolve("reprise.mv.db"));
		force(fresh);
		Path old = this.data.resolve("db.until-" + STAMP.format(Instant.now()));
		Files.move(database, old, StandardCopyOption.ATOMIC_MOVE);
		Files.move(fresh, database, StandardCopyOption.ATOMIC_MOVE);
		force(this.data);
		this.out.println("The database before it is kept in " + old);
		return status;
	}

	private static String others(Rebuild.Rebuilt rebuilt) {
		StringBuilder words = new StringBuilder();
		rebuilt.others().forEach((table, count) -> words.append(", ").append(count).append(' ').append(table));
		return words.toString();
	}

	private int fill(String url) throws IOException {
		try (HikariDataSource database = new HikariDataSource(); Rebuild rebuild = new Rebuild(database, this.data)) {
			database.setJdbcUrl(url);
			database.setUsername(this.environment.getProperty("spring.datasource.username"));
			database.setPassword(this.environment.getProperty("spring.datasource.password"));
			Flyway.configure()
				.dataSource(database)
				.locations(this.environment.getRequiredProperty("spring.flyway.locations"))
				.load()
				.migrate();
			int runs = JdbcClient.create(database).sql("select count(*) from runs").query(Integer.class).single();
			if (runs > 0) {
				this.out.println("reprise: the database at " + url + " has " + runs
						+ " runs already; make an empty one, and give its address");
				return REFUSED;
			}
			Rebuild.Rebuilt rebuilt = rebuild.run();
			this.out.println("Rebuilt from " + this.data.resolve("rows") + ": " + rebuilt.runs() + " runs, "
					+ rebuilt.replays() + " replays, " + rebuilt.diffs() + " diffs" + others(rebuilt));
			rebuilt.unread().forEach((copy) -> this.out.println("not read: " + copy));
			return rebuilt.unread().isEmpty() ? 0 : INCOMPLETE;
		}
	}

	private static void force(Path path) throws IOException {
		try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
			channel.force(true);
		}
	}

	/**
	 * Properties, and nothing of the service.
	 */
	@Configuration(proxyBeanMethods = false)
	static class Settings {

	}

}
