package dev.reprise.database;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

import dev.reprise.artifact.Digest;
import dev.reprise.artifact.ListingStore;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Who needs which blobs, by the copies of rows: the code, the inputs and the lock file of
 * every run, also of those that wait, and the content of diffs. Reads them beside a
 * living service, and changes nothing.
 */
public final class BlobNames {

	private static final long MAX_BYTES = 16 << 20;

	private final Path rows;

	private final ListingStore listings;

	/**
	 * Of a data folder.
	 * @param listings what leads from a listing's digest to its files
	 */
	public BlobNames(Path data, ListingStore listings) {
		this.rows = data.resolve("rows");
		this.listings = listings;
	}

	/**
	 * Calls back with every blob and, in words, who needs it.
	 * @param unread told what could not be read
	 * @throws IOException if the folder or the store cannot be read
	 */
	public void forEach(BiConsumer<Digest, String> named, Consumer<String> unread) throws IOException {
		if (!Files.isDirectory(this.rows)) {
			return;
		}
		try (DirectoryStream<Path> copies = Files.newDirectoryStream(this.rows, "*.{run,diff}.json")) {
			for (Path copy : copies) {
				String name = String.valueOf(copy.getFileName());
				try {
					String text = (Files.size(copy) > MAX_BYTES) ? "" : Files.readString(copy);
					read(name, text, named, unread);
				}
				catch (NoSuchFileException ex) {
					// it was replaced meanwhile by one that is read the next time
				}
			}
		}
		accepted(named, unread);
	}

	/**
	 * Those that only wait have a line and no file yet.
	 */
	private void accepted(BiConsumer<Digest, String> named, Consumer<String> unread) throws IOException {
		Path log = this.rows.resolve("accepted.jsonl");
		if (!Files.exists(log)) {
			return;
		}
		try (BufferedReader lines = Files.newBufferedReader(log, java.nio.charset.StandardCharsets.ISO_8859_1)) {
			for (String line = lines.readLine(); line != null; line = lines.readLine()) {
				int blank = line.indexOf(' ');
				String name = (blank > 0) ? line.substring(0, blank) : "";
				if (name.matches("[0-9a-z]{1,64}\\.(run|diff)\\.json") && !Files.exists(this.rows.resolve(name))) {
					read(name, line.substring(blank + 1), named, unread);
				}
			}
		}
	}

	private void read(String name, String text, BiConsumer<Digest, String> named, Consumer<String> unread)
			throws IOException {
		String id = name.substring(0, name.indexOf('.'));
		try {
			JsonNode tables = JsonMapper.shared().readTree(text).path("rows");
			if (name.endsWith(".diff.json")) {
				JsonNode diff = tables.path("diffs").path(0);
				if (!diff.path("result").isNull()) {
					named.accept(new Digest(diff.path("result").asString()), "diff " + id + " of "
							+ diff.path("left_run").asString() + " and " + diff.path("right_run").asString());
				}
				return;
			}
			JsonNode run = tables.path("runs").path(0);
			tree(new Digest(run.path("code").asString()), id, named);
			JsonNode spec = JsonMapper.shared().readTree(run.path("spec").asString());
			for (JsonNode input : spec.path("inputs")) {
				tree(new Digest(input.path("digest").asString()), id, named);
			}
			JsonNode lock = spec.path("environment").path("lock");
			if (!lock.isMissingNode()) {
				named.accept(new Digest(lock.asString()), id);
			}
		}
		catch (JacksonException | IllegalArgumentException ex) {
			unread.accept(this.rows.resolve(name) + ": it cannot be read, and the next start writes it again");
		}
	}

	private void tree(Digest digest, String who, BiConsumer<Digest, String> named) throws IOException {
		named.accept(digest, who);
		this.listings.find(digest)
			.ifPresent((tree) -> tree.files().forEach((file) -> named.accept(file.digest(), who)));
	}

}
