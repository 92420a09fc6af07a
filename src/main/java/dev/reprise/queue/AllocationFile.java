package dev.reprise.queue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * What an attempt holds, kept in its folder: if a process of it cannot be ended, that
 * stays out of use in the next life of the service too, and the folder is not removed
 * before that process is gone.
 */
final class AllocationFile {

	private static final JsonMapper JSON = JsonMapper.shared();

	private AllocationFile() {
	}

	private static Path file(Path attempt) {
		return attempt.resolve("allocation.json");
	}

	private static Path mark(Path attempt) {
		return attempt.resolve("unendable");
	}

	/**
	 * To be called before anything of the attempt is started.
	 */
	static void write(Path attempt, Allocation allocation) throws IOException {
		Files.write(file(attempt), JSON.writeValueAsBytes(allocation));
	}

	/**
	 * Reads it.
	 * @throws IOException if it is not there or cannot be read
	 */
	static Allocation read(Path attempt) throws IOException {
		try {
			return JSON.readValue(Files.readAllBytes(file(attempt)), Allocation.class);
		}
		catch (JacksonException ex) {
			throw new IOException("it is no allocation", ex);
		}
	}

	/**
	 * Whether the folder is to stay because something of the attempt lives.
	 */
	static boolean isUnendable(Path attempt) {
		return Files.exists(mark(attempt));
	}

	static void setUnendable(Path attempt, boolean unendable) throws IOException {
		if (unendable) {
			Files.write(mark(attempt), new byte[0]);
		}
		else {
			Files.deleteIfExists(mark(attempt));
		}
	}

}
