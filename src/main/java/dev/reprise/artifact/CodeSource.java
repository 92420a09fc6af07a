package dev.reprise.artifact;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Takes code into the store: from an archive, a folder, or single files. Its identity is
 * the listing of its files. {@code .git} is not part of it, wherever it is: its bytes
 * change when git packs them, without the code having changed. The commit is noted.
 */
public final class CodeSource {

	private final BlobStore store;

	private final Tree tree;

	private final Path scratch;

	private final Bounds bounds;

	/**
	 * A source of code.
	 * @param store takes the files
	 * @param scratch a folder for archives that are being unpacked; what is left in it by
	 * a crash may be removed at any start
	 * @param bounds the most that code may be
	 */
	public CodeSource(BlobStore store, Path scratch, Bounds bounds) {
		this.store = store;
		this.tree = new Tree(store);
		this.scratch = scratch;
		this.bounds = bounds;
	}

	/**
	 * Code from an archive in the store.
	 * @param archive the digest of a zip, tar or tar.gz
	 * @return the code, whose files are in the store
	 * @throws BlobStoreException if there is no such archive, or the store is full
	 * @throws BadArchiveException if it is not unpacked
	 * @throws IOException if the disk fails
	 */
	public CodeListing fromArchive(Digest archive) throws IOException {
		if (!this.store.has(archive)) {
			throw new BlobStoreException.Missing(archive);
		}
		return fromArchive(this.store.path(archive));
	}

	/**
	 * Code from an archive that is a file.
	 * @param archive a zip, tar or tar.gz
	 * @return the code, whose files are in the store
	 * @throws BadArchiveException if it is not unpacked
	 * @throws IOException if the disk fails
	 */
	public CodeListing fromArchive(Path archive) throws IOException {
		Path folder = this.scratch.resolve(UUID.randomUUID().toString());
		Files.createDirectories(this.scratch);
		try {
			Archives.unpack(archive, folder, this.bounds);
			return CodeListing.of(take(folder).listing(), GitState.read(folder));
		}
		finally {
			Folders.remove(folder);
		}
	}

	/**
	 * Code from a folder of the machine's own user.
	 * @param folder the folder; nothing in it is changed
	 * @return the code, and what in the folder is not part of it
	 * @throws TooMuchException if the folder has more than the bounds allow
	 * @throws IOException if it cannot be read or the disk fails
	 */
	public FromFolder fromFolder(Path folder) throws IOException {
		Path real = folder.toRealPath();
		Tree.Taken taken = take(real);
		return new FromFolder(CodeListing.of(taken.listing(), GitState.read(real)), taken.refused());
	}

	/**
	 * Code from single files that are in the store.
	 * @param files digests by path
	 * @throws IllegalArgumentException if a path is not accepted, or one file would be
	 * the folder of another
	 * @throws BlobStoreException.Missing if a file is not in the store
	 * @throws IOException if the disk fails
	 */
	public CodeListing fromFiles(Map<String, Digest> files) throws IOException {
		List<ListedFile> listed = new ArrayList<>();
		for (Map.Entry<String, Digest> file : files.entrySet()) {
			listed.add(new ListedFile(file.getKey(), "644", this.store.size(file.getValue()), file.getValue()));
		}
		return CodeListing.of(new Listing(listed), null);
	}

	private Tree.Taken take(Path folder) throws IOException {
		return this.tree.take(folder, CodeSource::isGit, this.bounds);
	}

	private static boolean isGit(String path) {
		return path.equals(".git") || path.endsWith("/.git");
	}

	/**
	 * What a folder gave.
	 *
	 * @param code its files
	 * @param refused links, pipes and the like, which are not part of the code
	 */
	public record FromFolder(CodeListing code, List<Refused> refused) {

		/**
		 * Copies the list.
		 */
		public FromFolder {
			refused = List.copyOf(refused);
		}

	}

}
