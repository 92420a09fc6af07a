package dev.reprise.runtime.python;

import java.io.IOException;
import java.nio.file.Path;

import dev.reprise.artifact.DataFolder;

import org.springframework.stereotype.Component;

/**
 * The harness of the service's jobs.
 */
@Component
class Harness {

	private final Path folder;

	Harness(DataFolder data) throws IOException {
		this.folder = HarnessFiles.layOut(data.root().resolve("harness"), data.tmp());
	}

	/**
	 * The folder that holds {@code reprise_runner}.
	 */
	Path folder() {
		return this.folder;
	}

}
