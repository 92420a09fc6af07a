package dev.reprise.diff.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

import dev.reprise.artifact.Glob;
import dev.reprise.artifact.ListedFile;
import dev.reprise.diff.engine.folder.Listings;
import dev.reprise.diff.engine.folder.RecordFolder;
import tools.jackson.databind.JsonNode;

import org.jspecify.annotations.Nullable;

/**
 * A file of the code that one run or both took away. A side that left the file as it was
 * lists it nowhere among its outputs, so that without this the two would look alike.
 *
 * @param path of the file
 * @param onLeft the left side's file that is still there, null where there is none
 * @param onRight the right side's
 * @param judged whether the patterns of either side take the path
 */
record Deletion(String path, @Nullable ListedFile onLeft, @Nullable ListedFile onRight, boolean judged) {

	static List<Deletion> of(RecordFolder left, Listings a, RecordFolder right, Listings b) {
		SortedSet<String> paths = new TreeSet<>(a.deleted());
		paths.addAll(b.deleted());
		List<Glob> patterns = new ArrayList<>(patterns(left));
		patterns.addAll(patterns(right));
		return paths.stream()
			.map((path) -> new Deletion(path, still(a, path), still(b, path),
					patterns.stream().anyMatch((pattern) -> pattern.matches(path))))
			.toList();
	}

	/**
	 * Whether only one side took it away.
	 */
	boolean differs() {
		return (this.onLeft == null) != (this.onRight == null);
	}

	String inWords() {
		return (this.onLeft != null) ? "deleted on the right"
				: (this.onRight != null) ? "deleted on the left" : "equal";
	}

	private static @Nullable ListedFile still(Listings listings, String path) {
		if (listings.deleted().contains(path)) {
			return null;
		}
		Optional<ListedFile> file = listings.code().files().stream().filter((one) -> one.path().equals(path)).findAny();
		return file.orElse(null);
	}

	/**
	 * Those of the spec; without any, all paths are taken, as they are by default.
	 */
	private static List<Glob> patterns(RecordFolder folder) {
		JsonNode spec = folder.spec();
		if (spec == null || !spec.path("outputs").isArray()) {
			return List.of(Glob.of("**"));
		}
		List<Glob> patterns = new ArrayList<>();
		for (JsonNode pattern : spec.path("outputs")) {
			try {
				patterns.add(Glob.of(pattern.asString()));
			}
			catch (IllegalArgumentException ex) {
				return List.of(Glob.of("**"));
			}
		}
		return patterns;
	}

}
