package dev.reprise.artifact;

import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The files of a tree, sorted by path; its digest is the identity of code, inputs and
 * outputs.
 *
 * @param files the files, sorted by the bytes of their paths
 */
public record Listing(List<ListedFile> files) {

	/**
	 * Sorts the files.
	 * @throws IllegalArgumentException if two files have one path, or one would be the
	 * folder of another
	 */
	public Listing {
		files = files.stream().sorted(ListedFile.BY_PATH).toList();
		Names names = new Names();
		for (ListedFile file : files) {
			if (!names.isFree(file.path())) {
				throw new IllegalArgumentException(
						"two files are called " + file.path() + ", or one file would be the folder of another");
			}
			names.take(file.path());
		}
	}

	/**
	 * SHA-256 over {@link #text()}.
	 */
	public Digest digest() {
		return Digest.of(text());
	}

	/**
	 * For each file in order: mode, size, digest, path (so that a renamed, edited or
	 * newly executable file changes it); the path ends with NUL, which no path has, so
	 * that no two listings are written alike.
	 */
	byte[] text() {
		StringBuilder text = new StringBuilder();
		for (ListedFile file : this.files) {
			text.append(file.mode()).append(' ').append(file.size()).append(' ').append(file.digest());
			text.append(' ').append(file.path()).append('\0');
		}
		return text.toString().getBytes(StandardCharsets.UTF_8);
	}

	/**
	 * Bytes of all files together.
	 */
	public long bytes() {
		return this.files.stream().mapToLong(ListedFile::size).sum();
	}

}
