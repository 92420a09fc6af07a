package dev.reprise.artifact;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;

/**
 * One file of a listing.
 *
 * @param path relative path with {@code /} between its names
 * @param mode {@code 644} or {@code 755}: of the permission bits only the owner's execute
 * bit is kept, since the rest follows the umask
 * @param size bytes
 * @param digest SHA-256 of the bytes
 */
public record ListedFile(String path, String mode, long size, Digest digest) {

	static final Comparator<ListedFile> BY_PATH = (a, b) -> Arrays
		.compareUnsigned(a.path.getBytes(StandardCharsets.UTF_8), b.path.getBytes(StandardCharsets.UTF_8));

	/**
	 * Checks the form of each part.
	 * @throws IllegalArgumentException if a part is not of its form
	 */
	public ListedFile {
		RelativePath.check(path);
		if (!mode.equals("644") && !mode.equals("755")) {
			throw new IllegalArgumentException("the mode of a listed file is 644 or 755, not " + mode);
		}
		if (size < 0) {
			throw new IllegalArgumentException("the size of " + path + " is negative");
		}
	}

}
