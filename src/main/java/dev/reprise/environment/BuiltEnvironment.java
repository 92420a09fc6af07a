package dev.reprise.environment;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * An environment that was built from a lock file, complete and not to be changed.
 *
 * @param folder where it is
 * @param key what it is kept by: the digest of lock, Python and platform
 * @param lock the digest of the lock file
 * @param contents the digest of what is installed: two builds of one key that have this
 * in common have the same files
 * @param builtAt when; a key that was built twice is told by it
 * @param bytes of its files
 * @param python the interpreter that it was built on, null where that was not written
 * down
 */
public record BuiltEnvironment(Path folder, String key, String lock, String contents, Instant builtAt, long bytes,
		@Nullable Path python) {

	private static final String MARK = "reprise-complete.json";

	private static final JsonMapper JSON = JsonMapper.shared();

	/**
	 * What is in a folder, empty where that is no complete environment.
	 */
	static Optional<BuiltEnvironment> read(Path folder) {
		Path mark = folder.resolve(MARK);
		try {
			if (!Files.isRegularFile(mark) || !Files.isExecutable(folder.resolve("bin/python"))) {
				return Optional.empty();
			}
			JsonNode node = JSON.readTree(Files.readAllBytes(mark));
			String python = node.path("python").asString(null);
			return Optional.of(new BuiltEnvironment(folder, node.path("key").asString(), node.path("lock").asString(),
					node.path("contents").asString(), Instant.parse(node.path("builtAt").asString()),
					node.path("bytes").asLong(), (python != null) ? Path.of(python) : null));
		}
		catch (IOException | JacksonException | java.time.DateTimeException ex) {
			return Optional.empty();
		}
	}

	/**
	 * Marks a folder as this environment, to be called once all of it is on the disk.
	 */
	void mark(Path unfinished) throws IOException {
		ObjectNode node = JSON.createObjectNode();
		node.put("key", this.key).put("lock", this.lock).put("contents", this.contents);
		node.put("builtAt", this.builtAt.toString()).put("bytes", this.bytes);
		if (this.python != null) {
			node.put("python", this.python.toString());
		}
		Path mark = unfinished.resolve(MARK);
		Files.write(mark, JSON.writeValueAsBytes(node));
		EnvironmentFolders.force(mark);
		EnvironmentFolders.force(unfinished);
	}

	/**
	 * When it was last used, for all that share the folder.
	 */
	static Path used(Path folder) {
		return folder.resolveSibling("locks").resolve(folder.getFileName() + ".used");
	}

}
