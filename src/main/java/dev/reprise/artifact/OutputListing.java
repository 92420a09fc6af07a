package dev.reprise.artifact;

import java.util.List;

/**
 * What a job left, as {@code listing.json} has it under {@code outputs}.
 *
 * @param digest of the files' listing
 * @param files the outputs, sorted by path; their bytes are in the store
 * @param unmatched files of the working folder that are new or changed but fit no
 * pattern, sorted by path; hashed, not kept
 * @param refused what could not or must not be collected, bounded
 * @param deleted files of the code that are gone, sorted by path
 */
public record OutputListing(Digest digest, List<ListedFile> files, List<ListedFile> unmatched, List<Refused> refused,
		List<String> deleted) {

	/**
	 * Copies the lists.
	 */
	public OutputListing {
		files = List.copyOf(files);
		unmatched = List.copyOf(unmatched);
		refused = List.copyOf(refused);
		deleted = List.copyOf(deleted);
	}

	static OutputListing of(Listing files, List<ListedFile> unmatched, List<Refused> refused, List<String> deleted) {
		return new OutputListing(files.digest(), files.files(), unmatched, refused, deleted);
	}

}
