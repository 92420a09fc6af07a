package dev.reprise.cli.local;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

import dev.reprise.artifact.Digest;
import org.jspecify.annotations.Nullable;

/**
 * Which record folder the run before had, of those in one working folder.
 */
final class LastRecord {

	private final Path file;

	LastRecord(Path cache, Path work) {
		this.file = cache.resolve("local")
			.resolve("last-" + Digest.of(work.toString().getBytes(StandardCharsets.UTF_8)).hex().substring(0, 16));
	}

	/**
	 * Notes a new one.
	 * @return the one before, if it is still there
	 */
	@Nullable Path replace(Path folder) throws IOException {
		Path before = null;
		if (Files.exists(this.file)) {
			String text = Files.readString(this.file).strip();
			before = (!text.isEmpty() && Files.exists(Path.of(text, "end.json"))) ? Path.of(text) : null;
		}
		Files.writeString(this.file, folder + "\n");
		return before;
	}

}
