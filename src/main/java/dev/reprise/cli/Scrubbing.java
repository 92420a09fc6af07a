package dev.reprise.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.TimeUnit;

import dev.reprise.artifact.BlobStore;
import dev.reprise.artifact.Digest;
import dev.reprise.artifact.ListingStore;
import dev.reprise.artifact.Scrub;
import dev.reprise.database.BlobNames;

/**
 * {@code ./reprise scrub}: says of each damaged or missing blob which runs and diffs it
 * touches.
 */
final class Scrubbing {

	private static final long PAUSE = TimeUnit.SECONDS.toNanos(1);

	private Scrubbing() {
	}

	/**
	 * Runs it.
	 * @param progress where to say how far it is
	 * @return the exit code: 0 where all is whole, 1 where something is not
	 */
	static int run(Path data, PrintStream out, PrintStream progress) throws IOException {
		if (!Files.isDirectory(data.resolve("blobs/sha256"))) {
			progress.println("reprise: " + data + " is no data folder; give one by --data");
			return 3;
		}
		long[] next = { System.nanoTime() + PAUSE };
		Scrub.Found found;
		try (BlobStore store = new BlobStore(data)) {
			BlobNames names = new BlobNames(data, new ListingStore(store));
			found = new Scrub(data, names::forEach).run((blobs, bytes) -> {
				if (System.nanoTime() - next[0] > 0) {
					progress.println("scrub: " + blobs + " blobs, " + bytes + " bytes so far");
					next[0] = System.nanoTime() + PAUSE;
				}
			});
		}
		found.bad().forEach((digest, how) -> out.println(digest + " " + how + "; " + runs(found, digest)));
		found.unread().forEach(out::println);
		out.println(found.blobs() + " blobs, " + found.bytes() + " bytes: " + (found.whole()
				? "all are what their names say"
				: found.bad().size() + " damaged or missing, " + found.unread().size() + " runs or diffs unread"));
		return found.whole() ? 0 : 1;
	}

	private static String runs(Scrub.Found found, Digest digest) {
		Set<String> runs = found.touched().getOrDefault(digest, Set.of());
		return runs.isEmpty() ? "no run and no diff names it" : "touches " + String.join(", ", runs);
	}

	/**
	 * The data folder that the options name, else the service's own default.
	 */
	static Path data(Options options) {
		String prefix = "--reprise.data=";
		for (String property : options.properties()) {
			if (property.startsWith(prefix)) {
				return Path.of(property.substring(prefix.length()));
			}
		}
		String home = System.getenv("XDG_DATA_HOME");
		return ((home != null && !home.isEmpty()) ? Path.of(home)
				: Path.of(System.getProperty("user.home"), ".local", "share"))
			.resolve("reprise");
	}

}
