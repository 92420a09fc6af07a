package dev.reprise.environment;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;

import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * What environments are built with, and where they are kept.
 */
@Configuration
class EnvironmentConfiguration {

	@Bean
	EnvironmentStore environmentStore(@Value("${reprise.cache}") Path cache, LockBuilding building, Clock clock)
			throws IOException {
		if (!cache.isAbsolute()) {
			throw new IllegalArgumentException("reprise.cache must be an absolute path, not " + cache);
		}
		Path root = cache.resolve("locked-environments").normalize();
		if (building.toolchain() == null) {
			return new EnvironmentStore(root, clock);
		}
		EnvironmentStore store = new EnvironmentStore(Files.createDirectories(root).toRealPath(), clock);
		store.open();
		return store;
	}

	@Bean
	LockBuilding lockBuilding(@Value("${reprise.uv:}") String uv, @Value("${reprise.python:}") String python,
			Environments environments) throws IOException {
		if (uv.isEmpty()) {
			return new LockBuilding(null);
		}
		if (!Files.isExecutable(Path.of(uv))) {
			throw new IllegalArgumentException("reprise.uv is " + uv + ", which is no program: give the path of uv");
		}
		Path base = python.isEmpty() ? defaultPython(environments) : Path.of(python);
		if (base == null) {
			return new LockBuilding(null);
		}
		if (!Files.isExecutable(base)) {
			throw new IllegalArgumentException(
					"reprise.python is " + python + ", which is no program: give the path of an interpreter");
		}
		return new LockBuilding(new Toolchain(Path.of(uv).toRealPath(), BasePython.of(base)));
	}

	private static @Nullable Path defaultPython(Environments environments) {
		return environments.names().contains("default") ? environments.folder("default").resolve("bin/python") : null;
	}

	@Bean
	LockedEnvironments lockedEnvironments(LockBuilding building, EnvironmentStore store, Installer installer,
			BuildSettings settings) {
		return new LockedEnvironments(building.toolchain(), store, installer, settings);
	}

	@Bean
	EnvironmentCollector environmentCollector(LockBuilding building, EnvironmentStore store, EnvironmentUsers users,
			BuildSettings settings, Clock clock) {
		return new EnvironmentCollector(building, store, users, settings, clock);
	}

}
