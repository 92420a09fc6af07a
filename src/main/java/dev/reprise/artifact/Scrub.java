package dev.reprise.artifact;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Re-hashes every blob of a data folder, beside a living service or without one, and says
 * which runs are touched by what is damaged or missing. What is damaged is marked, so
 * that the service no longer gives it out, and takes it when it is put again.
 */
public final class Scrub {

	private static final JsonMapper JSON = JsonMapper.shared();

	private final Path blobs;

	private final Path runs;

	private final Needs needs;

	/**
	 * A scrub of a data folder.
	 * @param needs who needs which blobs, beside the runs that have ended
	 */
	public Scrub(Path data, Needs needs) {
		this.blobs = data.resolve("blobs");
		this.runs = data.resolve("runs");
		this.needs = needs;
	}

	/**
	 * Looks at everything once.
	 * @param progress told how many blobs and bytes have been read so far
	 * @throws IOException if the folders cannot be read
	 */
	public Found run(BiConsumer<Long, Long> progress) throws IOException {
		Map<Digest, String> bad = new TreeMap<>(Comparator.comparing(Digest::hex));
		long count = 0;
		long bytes = 0;
		try (DirectoryStream<Path> folders = Files.newDirectoryStream(this.blobs.resolve("sha256"))) {
			for (Path folder : folders) {
				try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
					for (Path file : files) {
						String value = "sha256:" + file.getFileName();
						if (Digest.isDigest(value)) {
							bytes += look(new Digest(value), file, bad);
							progress.accept(++count, bytes);
						}
					}
				}
			}
		}
		Map<Digest, Set<String>> touched = new TreeMap<>(Comparator.comparing(Digest::hex));
		List<String> unread = new ArrayList<>();
		BiConsumer<Digest, String> touches = (digest, who) -> {
			if (!Files.exists(path(digest), LinkOption.NOFOLLOW_LINKS)) {
				bad.put(digest, "is missing");
			}
			if (bad.containsKey(digest)) {
				touched.computeIfAbsent(digest, (none) -> new TreeSet<>()).add(who);
			}
		};
		forEachRun((run, listing) -> listing.digests().forEach((digest) -> touches.accept(digest, run)), unread);
		this.needs.forEach(touches, unread::add);
		return new Found(count, bytes, bad, touched, unread);
	}

	private long look(Digest digest, Path file, Map<Digest, String> bad) throws IOException {
		try (FileChannel in = FileChannel.open(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
			long size = in.size();
			if (FileHasher.hash(in, size).equals(digest)) {
				Files.deleteIfExists(mark(digest));
			}
			else if (Files.exists(file)) {
				damaged(digest, "has other bytes than its name says", bad);
			}
			return size;
		}
		catch (NoSuchFileException ex) {
			// It was collected as garbage meanwhile.
			return 0;
		}
		catch (IOException ex) {
			damaged(digest, "cannot be read: " + ex.getMessage(), bad);
			return 0;
		}
	}

	private void damaged(Digest digest, String how, Map<Digest, String> bad) throws IOException {
		bad.put(digest, how);
		Files.createDirectories(this.blobs.resolve("damaged"));
		Files.writeString(mark(digest), how + "\n");
	}

	private Path mark(Digest digest) {
		return this.blobs.resolve("damaged").resolve(digest.hex());
	}

	private Path path(Digest digest) {
		return this.blobs.resolve("sha256").resolve(digest.hex().substring(0, 2)).resolve(digest.hex());
	}

	private void forEachRun(BiConsumer<String, RunListing> action, List<String> unread) throws IOException {
		try (DirectoryStream<Path> folders = Files.newDirectoryStream(this.runs)) {
			for (Path folder : folders) {
				Path file = folder.resolve("listing.json");
				try {
					if (Files.exists(file)) {
						action.accept(folder.getFileName().toString(),
								JSON.readValue(Files.readAllBytes(file), RunListing.class));
					}
				}
				catch (IOException | JacksonException ex) {
					unread.add("run " + folder.getFileName() + ": its listing cannot be read");
				}
			}
		}
	}

	/**
	 * Who needs which blobs.
	 */
	@FunctionalInterface
	public interface Needs {

		/**
		 * Calls back with every blob and, in words, who needs it.
		 * @param unread told what could not be read
		 * @throws IOException if nothing can be read
		 */
		void forEach(BiConsumer<Digest, String> needed, Consumer<String> unread) throws IOException;

	}

	/**
	 * What a scrub found.
	 *
	 * @param blobs how many there are
	 * @param bytes of all of them
	 * @param bad those that are damaged or missing, and how
	 * @param touched by the digest of such a blob, the runs and diffs that name it
	 * @param unread what could not be read of who needs what, in words
	 */
	public record Found(long blobs, long bytes, Map<Digest, String> bad, Map<Digest, Set<String>> touched,
			List<String> unread) {

		/**
		 * Whether all is as it should be.
		 */
		public boolean whole() {
			return this.bad.isEmpty() && this.unread.isEmpty();
		}

	}

}
