package dev.reprise.run;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

import dev.reprise.artifact.Archives;
import dev.reprise.artifact.BadArchiveException;
import dev.reprise.artifact.BlobStore;
import dev.reprise.artifact.BlobStoreException;
import dev.reprise.artifact.CodeListing;
import dev.reprise.artifact.CodeSource;
import dev.reprise.artifact.Digest;
import dev.reprise.artifact.Listing;
import dev.reprise.artifact.ListingStore;
import dev.reprise.http.RequestException;

import org.springframework.stereotype.Component;

/**
 * Takes code in, as an archive or as files. Whatever way it came, its identity is the
 * listing of its files, and the store keeps that listing under its own digest.
 */
@Component
class CodeIntake {

	/**
	 * Most bytes of one upload.
	 */
	private static final long MAX_BYTES = 512L << 20;

	private final BlobStore store;

	private final ListingStore listings;

	private final CodeSource source;

	CodeIntake(BlobStore store, ListingStore listings, CodeSource source) {
		this.store = store;
		this.listings = listings;
		this.source = source;
	}

	/**
	 * Puts one uploaded file into the store.
	 */
	Digest put(InputStream in) throws IOException {
		try {
			return this.store.put(in, MAX_BYTES);
		}
		catch (BlobStoreException.TooLarge ex) {
			throw RequestException.tooLarge(String.valueOf(ex.getMessage()));
		}
		catch (BlobStoreException.Full ex) {
			throw RequestException.noRoom(String.valueOf(ex.getMessage()));
		}
	}

	/**
	 * Whether an uploaded file is an archive that {@link #stored} unpacks.
	 */
	boolean isArchive(Digest file) throws IOException {
		Path path = this.store.path(file);
		return Archives.kind(path) != Archives.Kind.NONE;
	}

	/**
	 * Code that is in the store: a listing, or an archive.
	 * @return empty where the store has nothing of that digest
	 * @throws BadArchiveException if it is neither
	 */
	Optional<CodeListing> stored(Digest digest) throws IOException {
		if (!this.store.has(digest)) {
			return Optional.empty();
		}
		Optional<Listing> listing = this.listings.find(digest);
		if (listing.isPresent()) {
			return Optional.of(new CodeListing(digest, listing.get().files(), null));
		}
		return Optional.of(keep(this.source.fromArchive(digest)));
	}

	/**
	 * Code from files that are in the store.
	 */
	CodeListing files(Map<String, Digest> files) throws IOException {
		return keep(this.source.fromFiles(files));
	}

	private CodeListing keep(CodeListing code) throws IOException {
		this.listings.put(code.listing());
		return code;
	}

}
