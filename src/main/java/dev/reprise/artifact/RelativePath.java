package dev.reprise.artifact;

import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.CharBuffer;

/**
 * The one rule for names that clients and jobs give to files: relative, below their
 * folder, printable.
 */
public final class RelativePath {

	/**
	 * Longest path, in bytes of UTF-8.
	 */
	public static final int MAX_BYTES = 1024;

	/**
	 * Longest single name in a path, in bytes of UTF-8, as most file systems have it.
	 */
	public static final int MAX_NAME_BYTES = 255;

	private RelativePath() {
	}

	/**
	 * Returns the path if it is acceptable.
	 * @throws IllegalArgumentException naming what is wrong with it
	 */
	public static String check(String path) {
		String wrong = wrong(path);
		if (wrong != null) {
			throw new IllegalArgumentException(wrong);
		}
		return path;
	}

	/**
	 * What is wrong with a path, or null where nothing is.
	 */
	public static @org.jspecify.annotations.Nullable String wrong(String path) {
		if (path.isEmpty()) {
			return "the path is empty";
		}
		if (path.startsWith("/")) {
			return "the path is absolute; give one that is relative";
		}
		int total = 0;
		for (String name : path.split("/", -1)) {
			int bytes = utf8Length(name);
			if (bytes < 0) {
				return "the path is not valid Unicode";
			}
			if (name.isEmpty() || name.equals(".") || name.equals("..")) {
				return "the path has an empty name, '.' or '..' in it";
			}
			if (bytes > MAX_NAME_BYTES) {
				return "a name in the path is longer than " + MAX_NAME_BYTES + " bytes";
			}
			if (name.chars().anyMatch((c) -> Character.isISOControl(c) || c == '\\')) {
				return "the path has a control character or a backslash in it";
			}
			total += bytes + 1;
		}
		return (total > MAX_BYTES) ? "the path is longer than " + MAX_BYTES + " bytes" : null;
	}

	private static int utf8Length(String name) {
		try {
			return StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(name)).remaining();
		}
		catch (CharacterCodingException ex) {
			return -1;
		}
	}

}
