package dev.reprise.diff.engine;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

import dev.reprise.artifact.Glob;
import dev.reprise.artifact.ListedFile;
import dev.reprise.diff.engine.folder.Listings;
import dev.reprise.diff.engine.folder.RecordFolder;
import dev.reprise.diff.engine.names.NamePairs;
import dev.reprise.diff.reader.bytes.PlainText;

import org.jspecify.annotations.Nullable;

/**
 * Which files of two runs face each other. A path is judged where either side's patterns
 * take it: the job of one side cannot take a path out of the judgement by its own
 * patterns alone. Paths that are left without a partner on both sides are paired by rule
 * where one fits, which is said.
 */
final class OutputPaths {

	private final List<Glob> ignore;

	private final Map<String, ListedFile> left;

	private final Map<String, ListedFile> right;

	private final Set<String> refusedLeft;

	private final Set<String> refusedRight;

	private final SortedSet<String> judged = new TreeSet<>();

	private final List<Facing> facing = new ArrayList<>();

	private final List<Result.Excepted> excepted = new ArrayList<>();

	private final Set<String> ignored = new LinkedHashSet<>();

	private final List<String> notJudged = new ArrayList<>();

	private OutputPaths(Listings a, Listings b, List<Glob> ignore) {
		this.ignore = ignore;
		this.left = all(a);
		this.right = all(b);
		this.refusedLeft = refused(a);
		this.refusedRight = refused(b);
		a.outputs().files().forEach((file) -> this.judged.add(file.path()));
		b.outputs().files().forEach((file) -> this.judged.add(file.path()));
	}

	/**
	 * One file of each side, or of one of them.
	 *
	 * @param left null where the left side has none
	 * @param right null where the right side has none
	 * @param deletion whether what the one side has is its code, which the other deleted
	 */
	record Facing(@Nullable ListedFile left, @Nullable ListedFile right, boolean deletion) {

		/**
		 * The lesser of the two paths: an order that does not depend on the side.
		 */
		private String order() {
			String a = (this.left != null) ? this.left.path() : "";
			String b = (this.right != null) ? this.right.path() : a;
			return (this.left == null || b.compareTo(a) < 0) ? b : a;
		}

	}

	static OutputPaths of(RecordFolder left, Listings a, RecordFolder right, Listings b, List<Glob> ignore) {
		OutputPaths paths = new OutputPaths(a, b, ignore);
		paths.face(left, right);
		paths.outsidePatterns(a, b);
		Deletion.of(left, a, right, b)
			.stream()
			.filter((deletion) -> !paths.left.containsKey(deletion.path()) && !paths.right.containsKey(deletion.path()))
			.forEach(paths::deleted);
		paths.refused("left", a);
		paths.refused("right", b);
		return paths;
	}

	private void face(RecordFolder leftFolder, RecordFolder rightFolder) {
		SortedSet<String> wanted = new TreeSet<>(this.judged);
		wanted.removeIf(this::isIgnored);
		List<String> onLeft = named(wanted, this.left, this.refusedRight);
		List<String> onRight = named(wanted, this.right, this.refusedLeft);
		SortedMap<String, NamePairs.Pair> byLeft = new TreeMap<>();
		Set<String> paired = new HashSet<>();
		if (!onLeft.equals(onRight)) {
			for (NamePairs.Pair pair : NamePairs.of(leftFolder, onLeft, rightFolder, onRight)) {
				byLeft.put(pair.left(), pair);
				paired.add(pair.right());
			}
		}
		for (String path : wanted) {
			ListedFile a = this.left.get(path);
			ListedFile b = this.right.get(path);
			NamePairs.Pair pair = byLeft.get(path);
			if (a != null && pair != null) {
				this.facing.add(new Facing(a, this.right.get(pair.right()), false));
				this.excepted.add(new Result.Excepted(path, "PAIRED_NAME",
						"on the right " + PlainText.of(pair.right()) + ", by rule: " + pair.rule()));
			}
			else if ((a == null && this.refusedLeft.contains(path))
					|| (b == null && this.refusedRight.contains(path))) {
				this.notJudged.add(PlainText.of(path) + " was refused on one side, so that it could not be compared");
			}
			else if (!paired.contains(path)) {
				this.facing.add(new Facing(a, b, false));
			}
		}
		this.facing.sort(Comparator.comparing(Facing::order));
	}

	/**
	 * The paths of one side that may have a partner by rule: where the other side has
	 * something refused under the same path, that is the partner.
	 */
	private static List<String> named(SortedSet<String> wanted, Map<String, ListedFile> files,
			Set<String> refusedOnTheOther) {
		return wanted.stream()
			.filter((path) -> files.containsKey(path) && !isRefused(path, refusedOnTheOther))
			.toList();
	}

	private void deleted(Deletion deletion) {
		String path = deletion.path();
		if (isIgnored(path)) {
			return;
		}
		if (!deletion.judged()) {
			this.excepted.add(new Result.Excepted(path, "OUTSIDE_PATTERNS", deletion.inWords()));
		}
		else if (isRefused(path, this.refusedLeft) || isRefused(path, this.refusedRight)) {
			this.notJudged.add(PlainText.of(path) + " was deleted on one side and refused on the other");
		}
		else if (deletion.differs()) {
			this.facing.add(new Facing(deletion.onLeft(), deletion.onRight(), true));
		}
	}

	/** Whether the path or a folder above it was refused. */
	private static boolean isRefused(String path, Set<String> refused) {
		int slash = path.lastIndexOf('/');
		return refused.contains(path) || (slash > 0 && isRefused(path.substring(0, slash), refused));
	}

	private static Map<String, ListedFile> all(Listings listings) {
		Map<String, ListedFile> all = new HashMap<>();
		listings.unmatched().forEach((file) -> all.put(file.path(), file));
		listings.outputs().files().forEach((file) -> all.put(file.path(), file));
		return all;
	}

	private static Set<String> refused(Listings listings) {
		Set<String> refused = new HashSet<>();
		listings.refused().forEach((entry) -> refused.add(entry.path()));
		return refused;
	}

	private boolean isIgnored(String path) {
		boolean matches = this.ignore.stream().anyMatch((glob) -> glob.matches(path));
		if (matches) {
			this.ignored.add(path);
		}
		return matches;
	}

	private void outsidePatterns(Listings a, Listings b) {
		Set<String> paths = new HashSet<>();
		a.unmatched().forEach((file) -> paths.add(file.path()));
		b.unmatched().forEach((file) -> paths.add(file.path()));
		for (String path : paths.stream().sorted().toList()) {
			if (isIgnored(path)) {
				continue;
			}
			ListedFile onLeft = this.left.get(path);
			ListedFile onRight = this.right.get(path);
			String detail = this.judged.contains(path) ? "outside the patterns of one side; compared all the same"
					: (onLeft == null) ? "only on the right"
							: (onRight == null) ? "only on the left" : onLeft.equals(onRight) ? "equal" : "different";
			this.excepted.add(new Result.Excepted(path, "OUTSIDE_PATTERNS", detail));
		}
	}

	private void refused(String side, Listings listings) {
		for (Listings.Refused entry : listings.refused()) {
			if (!isIgnored(entry.path())) {
				this.excepted.add(new Result.Excepted(PlainText.of(entry.path()), "REFUSED",
						"on the " + side + ": " + entry.reason()));
			}
		}
	}

	List<Facing> facing() {
		return this.facing;
	}

	/** What is not judged, and names that were paired by rule. */
	List<Result.Excepted> excepted() {
		return this.excepted;
	}

	Set<String> ignored() {
		return this.ignored;
	}

	/** Sentences on paths that could not be compared. */
	List<String> notJudged() {
		return this.notJudged;
	}

}
