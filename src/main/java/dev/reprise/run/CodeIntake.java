package dev.reprise.run;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import dev.reprise.artifact.Archives;
import dev.reprise.artifact.BadArchiveException;
import dev.reprise.artifact.BlobStore;
import dev.reprise.artifact.BlobStoreException;
import dev.reprise.artifact.CodeListing;
import dev.reprise.artifact.CodeSource;
import dev.reprise.artifact.DataFolder;
import dev.reprise.artifact.Digest;
import dev.reprise.artifact.ListedFile;
import dev.reprise.artifact.Listing;
import dev.reprise.artifact.ListingStore;
import dev.reprise.http.FieldError;
import dev.reprise.http.ObjectReader;
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

	private static final int MAX_NAMED = 10;

	private final BlobStore store;

	private final ListingStore listings;

	private final CodeSource source;

	private final DataFolder data;

	CodeIntake(BlobStore store, ListingStore listings, CodeSource source, DataFolder data) {
		this.data = data;
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
	 * Code from an uploaded archive, of which the store gets the files alone, and nothing
	 * where it is refused.
	 * @return empty where the upload is no archive
	 * @throws BadArchiveException if it is one that is not unpacked
	 */
	Optional<CodeListing> archive(InputStream in) throws IOException {
		Path upload = Files.createTempFile(this.data.tmp(), "upload-", null);
		try {
			Files.copy(in, upload, StandardCopyOption.REPLACE_EXISTING);
			return (Archives.kind(upload) != Archives.Kind.NONE) ? Optional.of(keep(this.source.fromArchive(upload)))
					: Optional.empty();
		}
		finally {
			Files.deleteIfExists(upload);
		}
	}

	/**
	 * Code that is in the store: a listing, or an archive.
	 * @return empty where the store has nothing of that digest
	 * @throws BadArchiveException if it is neither
	 */
	Optional<CodeListing> stored(Digest digest) throws IOException {
		if (!this.store.hold(digest)) {
			return Optional.empty();
		}
		Optional<Listing> listing = this.listings.find(digest);
		if (listing.isPresent()) {
			return Optional.of(new CodeListing(digest, whole(listing.get()).files(), null));
		}
		return Optional.of(keep(this.source.fromArchive(digest)));
	}

	/**
	 * Anyone may put a listing: one that names what is not there is no code.
	 */
	private Listing whole(Listing listing) throws IOException {
		List<FieldError> missing = new ArrayList<>();
		for (ListedFile file : listing.files()) {
			if (!this.store.hold(file.digest()) && missing.size() < MAX_NAMED) {
				missing.add(new FieldError("$.code",
						"lists " + ObjectReader.printable(file.path()) + ", which the store does not have",
						"PUT it to /api/v1/blobs/" + file.digest() + " first"));
			}
		}
		if (!missing.isEmpty()) {
			throw RequestException.invalid(missing);
		}
		return listing;
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
