package dev.reprise.diff.engine;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

import dev.reprise.artifact.ListedFile;
import dev.reprise.diff.engine.folder.Facts;
import dev.reprise.diff.engine.folder.Listings;
import dev.reprise.diff.engine.folder.RecordFolder;
import dev.reprise.diff.reader.TextDifference;
import dev.reprise.diff.reader.bytes.JobFile;
import dev.reprise.diff.reader.bytes.NotReadException;
import dev.reprise.diff.reader.bytes.PlainText;

import org.jspecify.annotations.Nullable;

/**
 * The code of both sides, by file: the digests say whether a file differs, its lines say
 * in what, as far as they are at hand and are text.
 */
final class CodePremise {

	/**
	 * Most lines of diffs that are shown of all files together.
	 */
	static final int MAX_LINES = 5000;

	/**
	 * Most bytes that are read of all files together.
	 */
	static final long MAX_BYTES = 128L * 1024 * 1024;

	private final RecordFolder left;

	private final RecordFolder right;

	private final SortedMap<String, ListedFile> onLeft = new TreeMap<>();

	private final SortedMap<String, ListedFile> onRight = new TreeMap<>();

	private int roomForLines = MAX_LINES;

	private long roomForBytes = MAX_BYTES;

	private CodePremise(RecordFolder left, Listings a, RecordFolder right, Listings b) {
		this.left = left;
		this.right = right;
		a.code().files().forEach((file) -> this.onLeft.put(key(file), file));
		b.code().files().forEach((file) -> this.onRight.put(key(file), file));
	}

	static Diff.Premise of(RecordFolder left, RecordFolder right) {
		Listings a = left.listings();
		Listings b = right.listings();
		if (a == null || b == null) {
			return Premises.premise(Layer.CODE, (a != null) ? new TreeMap<>() : null,
					(b != null) ? new TreeMap<>() : null);
		}
		CodePremise code = new CodePremise(left, a, right, b);
		Diff.Premise premise = Premises.premise(Layer.CODE, digests(code.onLeft, a), digests(code.onRight, b));
		return premise.with(code.explained(premise.differences()));
	}

	private static String key(ListedFile file) {
		return PlainText.of(file.path());
	}

	private static SortedMap<String, Object> digests(SortedMap<String, ListedFile> files, Listings listings) {
		SortedMap<String, Object> digests = new TreeMap<>();
		files.forEach((key, file) -> digests.put(key,
				file.mode().equals("644") ? file.digest().value() : file.mode() + " " + file.digest()));
		if (listings.codeUnread()) {
			digests.put(Facts.MORE, "not read");
		}
		return digests;
	}

	private List<Diff.KeyDifference> explained(List<Diff.KeyDifference> differences) {
		Map<String, String> movedLeft = movable(differences, this.onLeft, this.onRight);
		Map<String, String> movedRight = movable(differences, this.onRight, this.onLeft);
		List<Diff.KeyDifference> explained = new ArrayList<>();
		for (Diff.KeyDifference difference : differences) {
			ListedFile a = this.onLeft.get(difference.key());
			ListedFile b = this.onRight.get(difference.key());
			if (a != null && b != null) {
				explained.add(both(difference, a, b));
			}
			else if (a != null) {
				explained.add(difference.noted(only("left", a, movedRight, "right")));
			}
			else if (b != null) {
				explained.add(difference.noted(only("right", b, movedLeft, "left")));
			}
			else {
				explained.add(difference);
			}
		}
		return explained;
	}

	/**
	 * Files that only one side has, by their digests.
	 */
	private static Map<String, String> movable(List<Diff.KeyDifference> differences,
			SortedMap<String, ListedFile> files, SortedMap<String, ListedFile> others) {
		Map<String, String> movable = new HashMap<>();
		for (Diff.KeyDifference difference : differences) {
			ListedFile file = files.get(difference.key());
			if (file != null && file.size() > 0 && !others.containsKey(difference.key())) {
				movable.putIfAbsent(file.digest().value(), difference.key());
			}
		}
		return movable;
	}

	private static String only(String side, ListedFile file, Map<String, String> moved, String other) {
		String same = moved.get(file.digest().value());
		return "only on the " + side + ", " + bytes(file)
				+ ((same != null) ? "; the bytes of " + same + " on the " + other : "");
	}

	private Diff.KeyDifference both(Diff.KeyDifference difference, ListedFile a, ListedFile b) {
		if (a.digest().equals(b.digest())) {
			return difference.noted("the execute bit differs");
		}
		String sizes = bytes(a) + " on the left, " + bytes(b) + " on the right";
		if (Math.max(a.size(), b.size()) > TextDifference.MAX_BYTES) {
			return difference.noted("too large to be read as text: " + sizes);
		}
		this.roomForBytes -= a.size() + b.size();
		if (this.roomForLines <= 0 || this.roomForBytes < 0) {
			return difference.noted("not read, since more code differs than is shown: " + sizes);
		}
		try (JobFile onTheLeft = this.left.openCode(a); JobFile onTheRight = this.right.openCode(b)) {
			onTheLeft.verify();
			onTheRight.verify();
			TextDifference text = TextDifference.of(onTheLeft, onTheRight);
			if (text == null) {
				return difference.noted("no text: " + sizes);
			}
			TextDifference shown = text.atMost(this.roomForLines);
			this.roomForLines -= shown.diff().size();
			return new Diff.KeyDifference(difference.key(), difference.left(), difference.right(), modes(a, b), shown);
		}
		catch (NotReadException ex) {
			return difference.noted("not read, " + ex.getMessage() + ": " + sizes);
		}
	}

	private static @Nullable String modes(ListedFile a, ListedFile b) {
		return a.mode().equals(b.mode()) ? null : "the execute bit differs too";
	}

	private static String bytes(ListedFile file) {
		return String.format(Locale.ROOT, "%,d byte%s", file.size(), (file.size() == 1) ? "" : "s");
	}

}
