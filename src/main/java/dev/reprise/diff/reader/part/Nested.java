package dev.reprise.diff.reader.part;

/**
 * Compares files that lie in others, with whatever reads their formats.
 */
@FunctionalInterface
public interface Nested {

	/**
	 * Largest file in another that is read into memory, in bytes.
	 */
	int MAX_HELD = 4 * 1024 * 1024;

	/**
	 * Compares two files whose bytes differ.
	 * @param name under which both lie in theirs
	 * @param left all bytes of the left one, at most {@link #MAX_HELD}
	 * @param right all bytes of the right one
	 * @param findings to which what is found is added
	 */
	void compare(String name, byte[] left, byte[] right, Findings findings);

}
