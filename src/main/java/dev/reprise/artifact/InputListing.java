package dev.reprise.artifact;

import java.util.List;

/**
 * One input, as {@code listing.json} has it under {@code inputs}.
 *
 * @param digest what the spec named it by
 * @param files its files, sorted by path
 */
public record InputListing(Digest digest, List<ListedFile> files) {

	/**
	 * Copies the list.
	 */
	public InputListing {
		files = List.copyOf(files);
	}

}
