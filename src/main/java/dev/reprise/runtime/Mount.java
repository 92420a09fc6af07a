package dev.reprise.runtime;

import java.nio.file.Path;
import java.util.regex.Pattern;

/**
 * A file or folder of the host that the job sees. Where the service is root the job runs
 * as another user, so what it shall read must be readable by others. A target below the
 * work folder that is not there is made, and stays: an empty folder or file under what is
 * mounted.
 *
 * @param source absolute path on the host; the folders above it may be closed to the job
 * @param target absolute path inside the sandbox
 * @param writable whether the job may write below it
 */
public record Mount(Path source, String target, boolean writable) {

	private static final Pattern INSIDE = Pattern.compile("(/[^/\\x00]+)+");

	/**
	 * Checks both paths.
	 * @throws IllegalArgumentException if one is not absolute and normal
	 */
	public Mount {
		if (!source.isAbsolute() || !source.equals(source.normalize())) {
			throw new IllegalArgumentException("the source of a mount is an absolute path, not " + source);
		}
		checkInside(target);
	}

	/**
	 * The same path inside as outside, read-only.
	 */
	public static Mount readOnly(Path path) {
		return new Mount(path, path.toString(), false);
	}

	/**
	 * Checks a path inside a sandbox.
	 * @throws IllegalArgumentException if it is not absolute and normal
	 */
	public static void checkInside(String path) {
		if (!INSIDE.matcher(path).matches() || !Path.of(path).normalize().toString().equals(path)) {
			throw new IllegalArgumentException("a path inside is absolute and normal, not " + path);
		}
	}

}
