package dev.reprise.artifact;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Set;

/**
 * What of a person's working folder is neither code nor output: a version control's own
 * files, virtual environments, caches, and records of Reprise.
 *
 * @param root the working folder
 * @param own folders of Reprise's own, absolute
 */
record LeaveOutRule(Path root, Set<Path> own) {

	private static final Set<String> VERSION_CONTROL = Set.of(".git", ".hg", ".svn", ".jj", ".bzr");

	private static final Set<String> CACHES = Set.of("__pycache__", ".ipynb_checkpoints", ".mypy_cache",
			".pytest_cache", ".ruff_cache", ".tox", ".nox", ".cache", "node_modules");

	/**
	 * What the file of this name begins with in a cache that says it is one
	 * (bford.info/cachedir).
	 */
	private static final String CACHE_TAG = "Signature: 8a477f597d28d172789f06886806bc55";

	LeaveOutRule {
		own = Set.copyOf(own);
	}

	boolean leavesOut(String path) {
		String name = path.substring(path.lastIndexOf('/') + 1);
		Path file = FileNames.resolve(this.root, path);
		if (VERSION_CONTROL.contains(name) || this.own.contains(file)) {
			return true;
		}
		if (!Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS)) {
			return false;
		}
		return CACHES.contains(name) || Files.exists(file.resolve("pyvenv.cfg"))
				|| Files.isDirectory(file.resolve("conda-meta")) || isTagged(file.resolve("CACHEDIR.TAG"))
				|| isRecord(file);
	}

	/**
	 * Whether it is to be said that the job made it: bytecode follows from the code, and
	 * what is Reprise's own was made by Reprise.
	 */
	boolean counts(String path) {
		return !path.endsWith("__pycache__") && !this.own.contains(FileNames.resolve(this.root, path));
	}

	private static boolean isTagged(Path tag) {
		if (!Files.isRegularFile(tag, LinkOption.NOFOLLOW_LINKS)) {
			return false;
		}
		try (InputStream in = Files.newInputStream(tag, LinkOption.NOFOLLOW_LINKS)) {
			byte[] first = in.readNBytes(CACHE_TAG.length());
			return new String(first, StandardCharsets.US_ASCII).equals(CACHE_TAG);
		}
		catch (IOException ex) {
			return false;
		}
	}

	private static boolean isRecord(Path folder) {
		return Files.isRegularFile(folder.resolve("end.json")) && Files.isRegularFile(folder.resolve("listing.json"))
				&& Files.isDirectory(folder.resolve("record"));
	}

}
