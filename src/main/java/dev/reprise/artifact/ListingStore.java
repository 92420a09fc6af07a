package dev.reprise.artifact;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Listings in the store. The text that a listing's digest is taken over is a blob like
 * any other, so that the digest alone leads to the listing, and from there to every file.
 */
public final class ListingStore {

	private static final int MAX_BYTES = 64 << 20;

	private static final Pattern LINE = Pattern.compile("(644|755) (\\d{1,18}) (sha256:[0-9a-f]{64}) ([^\\x00]+)");

	private final BlobStore store;

	public ListingStore(BlobStore store) {
		this.store = store;
	}

	/**
	 * Keeps a listing.
	 * @return its digest
	 * @throws IOException if the disk fails
	 */
	public Digest put(Listing listing) throws IOException {
		return this.store.put(listing.digest(), new ByteArrayInputStream(listing.text()), MAX_BYTES);
	}

	/**
	 * The listing of a digest.
	 * @return empty if the store has no such blob, or it is no listing
	 * @throws IOException if the disk fails
	 */
	public Optional<Listing> find(Digest digest) throws IOException {
		if (!this.store.has(digest) || this.store.size(digest) > MAX_BYTES) {
			return Optional.empty();
		}
		try (FileChannel in = this.store.open(digest)) {
			ByteBuffer start = ByteBuffer.allocate(4);
			in.read(start);
			String mode = new String(start.array(), 0, start.position(), StandardCharsets.US_ASCII);
			if (in.size() > 0 && !mode.equals("644 ") && !mode.equals("755 ")) {
				return Optional.empty();
			}
			in.position(0);
			byte[] bytes = Channels.newInputStream(in).readNBytes(MAX_BYTES);
			return parse(new String(bytes, StandardCharsets.UTF_8)).filter((found) -> found.digest().equals(digest));
		}
	}

	private static Optional<Listing> parse(String text) {
		List<ListedFile> files = new ArrayList<>();
		int start = 0;
		for (int end; (end = text.indexOf('\0', start)) >= 0; start = end + 1) {
			Matcher line = LINE.matcher(text.substring(start, end));
			if (!line.matches() || RelativePath.wrong(line.group(4)) != null) {
				return Optional.empty();
			}
			files.add(new ListedFile(line.group(4), line.group(1), Long.parseLong(line.group(2)),
					new Digest(line.group(3))));
		}
		try {
			return (start == text.length()) ? Optional.of(new Listing(files)) : Optional.empty();
		}
		catch (IllegalArgumentException ex) {
			return Optional.empty();
		}
	}

}
