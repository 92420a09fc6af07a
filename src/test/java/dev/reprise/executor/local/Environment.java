package dev.reprise.executor.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import dev.reprise.runtime.Mount;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * The environment with torch that tests run with, from the system property
 * {@code reprise.test.python}.
 *
 * @param bin folder of its programs
 */
record Environment(Path bin, List<Mount> mounts) {

	static Environment python() throws IOException {
		Path python = Path.of(System.getProperty("reprise.test.python",
				System.getProperty("user.home") + "/.cache/reprise/environments/manual/bin/python"));
		assumeTrue(Files.isExecutable(python), () -> "no Python environment at " + python);
		return new Environment(above(python, 1),
				List.of(Mount.readOnly(above(python, 2)), Mount.readOnly(above(python.toRealPath(), 2))));
	}

	private static Path above(Path path, int levels) {
		return path.getRoot().resolve(path.subpath(0, path.getNameCount() - levels));
	}

}
