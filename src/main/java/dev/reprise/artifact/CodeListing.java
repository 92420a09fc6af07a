package dev.reprise.artifact;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Code, as {@code listing.json} has it under {@code code}.
 *
 * @param digest of the files' listing: the identity of the code, however it was packed
 * @param files its files, sorted by path
 * @param git where in its history it stood, if it came with one
 */
public record CodeListing(Digest digest, List<ListedFile> files, @Nullable GitState git) {

	/**
	 * Copies the list.
	 */
	public CodeListing {
		files = List.copyOf(files);
	}

	static CodeListing of(Listing files, @Nullable GitState git) {
		return new CodeListing(files.digest(), files.files(), git);
	}

	/**
	 * The files as a listing.
	 */
	public Listing listing() {
		return new Listing(this.files);
	}

}
