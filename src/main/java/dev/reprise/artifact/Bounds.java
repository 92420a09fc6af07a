package dev.reprise.artifact;

/**
 * The most that an archive or a folder may hold.
 *
 * @param entries files and folders
 * @param totalBytes bytes of all files together
 * @param fileBytes bytes of one file
 * @param ratio how many times larger than the archive its files may be, beyond the first
 * 16 MiB
 */
public record Bounds(int entries, long totalBytes, long fileBytes, int ratio) {

	/**
	 * What is meant where nobody says otherwise: 100,000 entries, 4 GiB, 2 GiB in one
	 * file, a ratio of 200.
	 */
	public static final Bounds DEFAULT = new Bounds(100_000, 4L << 30, 2L << 30, 200);

	/**
	 * Checks that each is 1 or more.
	 */
	public Bounds {
		if (entries < 1 || totalBytes < 1 || fileBytes < 1 || ratio < 1) {
			throw new IllegalArgumentException("every bound is 1 or more");
		}
	}

}
