package dev.reprise.service;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.MapPropertySource;

/**
 * Gives the service a data folder of its own, and the environment that tests run with.
 */
class OwnDataFolder implements ApplicationContextInitializer<ConfigurableApplicationContext> {

	@Override
	public void initialize(ConfigurableApplicationContext context) {
		String given = System.getProperty("reprise.test.python");
		if (given == null) {
			throw new IllegalStateException("run the tests through ./reprise test, which prepares a Python environment;"
					+ " or give -Dreprise.test.python=ENVIRONMENT/bin/python");
		}
		Path python = Path.of(given);
		try {
			Path target = Files.createDirectories(Path.of("target", "services"));
			Path data = Files.createTempDirectory(target.toAbsolutePath(), "data-");
			context.getEnvironment()
				.getPropertySources()
				.addFirst(new MapPropertySource("own-data-folder",
						Map.of("reprise.data", data.toString(), "reprise.environments.default",
								python.resolveSibling("..").normalize().toString(), "reprise.capacity.memory", "64GiB",
								"reprise.capacity.cpus", "2", "reprise.gpus.path", "/nowhere")));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
