package dev.reprise.executor.local;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

import dev.reprise.runtime.Mount;

/**
 * The environment with torch that tests run with, from the system property
 * {@code reprise.test.python}.
 *
 * @param bin folder of its programs
 */
record Environment(Path bin, List<Mount> mounts) {

	static Environment python() throws IOException {
		String given = System.getProperty("reprise.test.python");
		if (given == null) {
			throw new IllegalStateException("run the tests through ./reprise test, which prepares a Python environment;"
					+ " or give -Dreprise.test.python=ENVIRONMENT/bin/python");
		}
		Path python = Path.of(given);
		return new Environment(above(python, 1),
				List.of(Mount.readOnly(above(python, 2)), Mount.readOnly(above(python.toRealPath(), 2))));
	}

	private static Path above(Path path, int levels) {
		return path.getRoot().resolve(path.subpath(0, path.getNameCount() - levels));
	}

}
