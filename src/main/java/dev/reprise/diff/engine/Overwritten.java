package dev.reprise.diff.engine;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

import dev.reprise.artifact.Digest;
import dev.reprise.artifact.ListedFile;
import dev.reprise.artifact.Listing;
import dev.reprise.diff.engine.folder.Listings;
import dev.reprise.diff.engine.folder.RecordFolder;
import org.jspecify.annotations.Nullable;

/**
 * Of two runs that a person made in one folder, the later one finds what the earlier one
 * put out. That is a difference of what went in, and no riddle.
 */
final class Overwritten {

	private Overwritten() {
	}

	/**
	 * Says so where a run wrote over nothing but what the other one had put out.
	 */
	static Diff.Premise noted(Diff.Premise inputs, RecordFolder left, RecordFolder right) {
		List<Diff.KeyDifference> differences = inputs.differences()
			.stream()
			.map((difference) -> difference.key().equals(Listings.OVERWRITTEN)
					? difference.noted(note(left.listings(), right.listings())) : difference)
			.toList();
		return inputs.with(differences);
	}

	private static @Nullable String note(@Nullable Listings left, @Nullable Listings right) {
		if (left == null || right == null) {
			return null;
		}
		if (found(right, left)) {
			return "what the left run put out was there when the right one began";
		}
		return found(left, right) ? "what the right run put out was there when the left one began" : null;
	}

	private static boolean found(Listings later, Listings earlier) {
		Listing overwritten = later.inputs().get(Listings.OVERWRITTEN);
		if (overwritten == null) {
			return false;
		}
		Map<String, Digest> before = new HashMap<>();
		earlier.outputs().files().forEach((file) -> before.put(file.path(), file.digest()));
		return overwritten.files()
			.stream()
			.allMatch((ListedFile file) -> file.digest().equals(before.get(file.path())));
	}

}
