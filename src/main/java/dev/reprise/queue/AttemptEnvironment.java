package dev.reprise.queue;

import java.io.IOException;
import java.nio.file.Path;

import dev.reprise.environment.LockedEnvironments;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The environment of one attempt, which stays as long as this is not closed.
 *
 * @param folder where it is
 * @param hold what keeps it, null where the operator does
 */
record AttemptEnvironment(Path folder, LockedEnvironments.@Nullable Hold hold) implements AutoCloseable {

	private static final Logger log = LoggerFactory.getLogger(AttemptEnvironment.class);

	@Override
	public void close() {
		try {
			if (this.hold != null) {
				this.hold.close();
			}
		}
		catch (IOException ex) {
			log.warn("the environment {} was not given back", this.folder, ex);
		}
	}

}
