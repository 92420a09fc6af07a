package dev.reprise.environment;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

import dev.reprise.artifact.Digest;

/**
 * The folders of built environments: each below its key once it is whole, and what is
 * being built below {@code staging}. Several services may share it.
 */
final class EnvironmentStore {

	static final String UV = "uv";

	private static final Pattern KEY = Pattern.compile("[0-9a-f]{64}");

	private static final String STAGING = "staging";

	private static final String LOCKS = "locks";

	private static final String REMOVING = "removing-";

	private final Path root;

	private final KeyLocks locks;

	private final Clock clock;

	EnvironmentStore(Path root, Clock clock) {
		this.root = root;
		this.clock = clock;
		this.locks = new KeyLocks(root.resolve(LOCKS));
	}

	/**
	 * Every input of the key, in order: what is asked for, what it is for, whether code
	 * of packages may have been run to make it, and the version of how we build.
	 */
	static String key(Digest lock, BasePython python, boolean sourceBuilds) {
		String inputs = String.join("\n", lock.value(), python.identity(), python.executable().toString(),
				sourceBuilds ? "with source builds" : "wheels only", "1");
		return Digest.of(inputs.getBytes(StandardCharsets.UTF_8)).hex();
	}

	/**
	 * Makes its folder; to be called before any of what follows.
	 */
	void open() throws IOException {
		Files.createDirectories(this.root.resolve(LOCKS));
	}

	KeyLocks locks() {
		return this.locks;
	}

	Path folder(String key) {
		return this.root.resolve(key);
	}

	/**
	 * Where environments are built that run none of their code meanwhile, with uv's cache
	 * beside them.
	 */
	Path staging() {
		return this.root.resolve(STAGING);
	}

	/**
	 * Where one is built whose packages run code, alone with a cache of its own: what
	 * they do to that reaches no other environment.
	 */
	Path stagingAlone(String key) {
		return this.root.resolve(STAGING + "-" + key);
	}

	Optional<BuiltEnvironment> find(String key) {
		return BuiltEnvironment.read(folder(key));
	}

	/**
	 * Remembers that it was used now.
	 */
	void touch(String key) throws IOException {
		Path used = BuiltEnvironment.used(folder(key));
		if (!Files.exists(used)) {
			Files.write(used, new byte[0]);
		}
		Files.setLastModifiedTime(used, FileTime.from(this.clock.instant()));
	}

	Instant used(BuiltEnvironment environment) throws IOException {
		Path used = BuiltEnvironment.used(environment.folder());
		return Files.exists(used) ? Files.getLastModifiedTime(used).toInstant() : environment.builtAt();
	}

	/**
	 * Gives a folder that was built its place. Its files are on the disk already.
	 */
	BuiltEnvironment publish(Path staged, String key, String lock, BasePython python) throws IOException {
		long bytes = EnvironmentFolders.close(staged);
		BuiltEnvironment built = new BuiltEnvironment(folder(key), key, lock, InstalledPackages.digest(staged).value(),
				this.clock.instant(), bytes, python.executable());
		built.mark(staged);
		EnvironmentFolders.remove(folder(key));
		Files.move(staged, folder(key), StandardCopyOption.ATOMIC_MOVE);
		EnvironmentFolders.force(this.root);
		touch(key);
		return built;
	}

	/**
	 * Removes one; whoever holds it exclusively may.
	 */
	void remove(String key) throws IOException {
		Path removing = this.root.resolve(REMOVING + key);
		EnvironmentFolders.remove(removing);
		if (Files.exists(folder(key))) {
			Files.move(folder(key), removing, StandardCopyOption.ATOMIC_MOVE);
		}
		EnvironmentFolders.remove(removing);
		Files.deleteIfExists(BuiltEnvironment.used(folder(key)));
	}

	/**
	 * All that are complete.
	 */
	List<BuiltEnvironment> all() throws IOException {
		List<BuiltEnvironment> all = new ArrayList<>();
		try (DirectoryStream<Path> folders = Files.newDirectoryStream(this.root,
				(path) -> KEY.matcher(path.getFileName().toString()).matches())) {
			folders.forEach((folder) -> BuiltEnvironment.read(folder).ifPresent(all::add));
		}
		return all;
	}

	/**
	 * Removes what a service that was killed had begun to build or to remove.
	 */
	void sweep() throws IOException {
		List<Path> left = new ArrayList<>();
		for (Path folder : List.of(this.root, staging())) {
			if (Files.isDirectory(folder)) {
				try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
					for (Path entry : entries) {
						String name = entry.getFileName().toString();
						String key = name.substring(name.lastIndexOf('-') + 1);
						boolean whole = folder.equals(this.root) && name.equals(key)
								&& BuiltEnvironment.read(entry).isPresent();
						if (KEY.matcher(key).matches() && !whole) {
							left.add(entry);
						}
					}
				}
			}
		}
		for (Path entry : left) {
			String name = entry.getFileName().toString();
			String key = name.substring(name.lastIndexOf('-') + 1);
			if (this.locks.tryExclude(key)) {
				try {
					EnvironmentFolders.remove(entry);
				}
				finally {
					this.locks.release(key);
				}
			}
		}
	}

	/**
	 * Bytes of the disk that can still be written.
	 */
	long room() throws IOException {
		FileStore store = Files.getFileStore(this.root);
		return store.getUsableSpace();
	}

}
