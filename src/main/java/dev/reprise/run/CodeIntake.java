package dev.reprise.run;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import dev.reprise.artifact.Archives;
import dev.reprise.artifact.BlobStore;
import dev.reprise.artifact.DataFolder;
import dev.reprise.artifact.Digest;
import dev.reprise.artifact.GitState;
import dev.reprise.artifact.ListedFile;
import dev.reprise.artifact.Listing;
import dev.reprise.artifact.Trees;
import org.jspecify.annotations.Nullable;

import org.springframework.stereotype.Component;

/**
 * Takes code in, as an archive or as files. Whatever way it came, its identity is the
 * listing of its files, and that listing is a blob whose digest is the listing's own.
 */
@Component
class CodeIntake {

	/**
	 * Most bytes of one upload, and of an archive.
	 */
	static final long MAX_BYTES = 512L << 20;

	private final BlobStore store;

	private final Path tmp;

	CodeIntake(BlobStore store, DataFolder data) {
		this.store = store;
		this.tmp = data.tmp();
	}

	/**
	 * Takes in code of which the store has the blob: an archive, or a listing whose files
	 * it has too.
	 * @return empty where there is no such blob
	 * @throws Archives.Refused if it is neither
	 */
	Optional<Code> stored(Digest digest) throws IOException {
		if (!this.store.has(digest)) {
			return Optional.empty();
		}
		Optional<Listing> listing = Listing.read(this.store, digest);
		if (listing.isPresent()) {
			return Optional.of(new Code(listing.get(), null));
		}
		return Optional.of(archive(this.store.path(digest)));
	}

	/**
	 * Takes in an archive.
	 * @throws Archives.Refused if it is none, or breaks a bound
	 */
	Code archive(Path archive) throws IOException {
		Path folder = Files.createTempDirectory(this.tmp, "code-");
		try {
			Path tree = folder.resolve("tree");
			Archives.unpack(archive, tree, Archives.Bounds.CODE);
			String commit = GitState.commit(tree).orElse(null);
			return new Code(keep(Trees.store(this.store, tree)), commit);
		}
		finally {
			Trees.delete(folder);
		}
	}

	/**
	 * Takes in one file.
	 */
	ListedFile file(String path, InputStream in, long size) throws IOException {
		Digest digest = this.store.put(in, MAX_BYTES);
		return new ListedFile(path, "644", size, digest);
	}

	/**
	 * Takes in files that came one by one.
	 */
	Code files(List<ListedFile> files) throws IOException {
		return new Code(keep(new Listing(new ArrayList<>(files))), null);
	}

	private Listing keep(Listing listing) throws IOException {
		listing.store(this.store);
		return listing;
	}

	/**
	 * Code that was taken in.
	 *
	 * @param listing its files
	 * @param commit the git commit that it says it is, or null
	 */
	record Code(Listing listing, @Nullable String commit) {
	}

}
