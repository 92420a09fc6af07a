package dev.reprise.diff.engine.names;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

import dev.reprise.diff.engine.folder.RecordFolder;

/**
 * Pairs the paths of two runs that are equal but for what a rule names. Folders are
 * paired before what is in them, each with one other, so that files stay together; an
 * equal name always comes first. Where several names of one folder are alike but for
 * their times, they are paired in the order of these, and not at all where that order is
 * not strict or one side has more of them.
 */
public final class NamePairs {

	private final RunFacts left;

	private final RunFacts right;

	private final List<Pair> found = new ArrayList<>();

	private NamePairs(RunFacts left, RunFacts right) {
		this.left = left;
		this.right = right;
	}

	/**
	 * Two paths that are one.
	 *
	 * @param left the left side's path
	 * @param right the right side's
	 * @param rule the rules, in words
	 */
	public record Pair(String left, String right, String rule) {
	}

	/**
	 * The pairs by rule, in an order that does not depend on the side.
	 * @param leftPaths all paths of the left side, those included that the right side has
	 * too
	 * @param rightPaths all paths of the right side
	 */
	public static List<Pair> of(RecordFolder left, Collection<String> leftPaths, RecordFolder right,
			Collection<String> rightPaths) {
		return of(RunFacts.of(left), leftPaths, RunFacts.of(right), rightPaths);
	}

	static List<Pair> of(RunFacts left, Collection<String> leftPaths, RunFacts right, Collection<String> rightPaths) {
		NamePairs pairs = new NamePairs(left, right);
		pairs.walk(tree(leftPaths), tree(rightPaths));
		return List.copyOf(pairs.found);
	}

	private static Folder tree(Collection<String> paths) {
		Folder root = new Folder("", "");
		for (String path : paths) {
			Folder folder = root;
			String[] names = path.split("/", -1);
			for (int i = 0; i < names.length - 1; i++) {
				Folder above = folder;
				folder = folder.folders.computeIfAbsent(names[i], (name) -> new Folder(name, above.path + name + "/"));
			}
			folder.files.add(names[names.length - 1]);
		}
		return root;
	}

	private void walk(Folder a, Folder b) {
		Deque<Step> steps = new ArrayDeque<>(List.of(new Step(a, b, new TreeSet<>(), false)));
		while (!steps.isEmpty()) {
			Step step = steps.removeFirst();
			Folder onLeft = step.left;
			Folder onRight = step.right;
			for (Match match : matches(onLeft.folders.keySet(), onLeft.name, onRight.folders.keySet(), onRight.name)) {
				Folder below = onLeft.folders.get(match.left);
				Folder other = onRight.folders.get(match.right);
				if (below != null && other != null) {
					steps.add(new Step(below, other, step.with(match.rules), step.ordered || match.ordered));
				}
			}
			for (Match match : matches(onLeft.files, onLeft.name, onRight.files, onRight.name)) {
				SortedSet<String> rules = step.with(match.rules);
				if (!rules.isEmpty()) {
					this.found
						.add(new Pair(onLeft.path + match.left, onRight.path + match.right, String.join(", ", rules)
								+ ((step.ordered || match.ordered) ? ", in the order of their times" : "")));
				}
			}
		}
	}

	/**
	 * Names of one folder with their partners: themselves, or by rule.
	 */
	private List<Match> matches(Collection<String> onLeft, String leftFolder, Collection<String> onRight,
			String rightFolder) {
		List<Match> matches = new ArrayList<>();
		SortedSet<String> equal = new TreeSet<>(onLeft);
		equal.retainAll(onRight);
		equal.forEach((name) -> matches.add(new Match(name, name, new TreeSet<>(), false)));
		SortedMap<String, List<Named>> a = forms(onLeft, equal, leftFolder, this.left);
		SortedMap<String, List<Named>> b = forms(onRight, equal, rightFolder, this.right);
		for (Map.Entry<String, List<Named>> entry : a.entrySet()) {
			List<Named> these = entry.getValue();
			List<Named> those = b.get(entry.getKey());
			if (those != null && these.size() == those.size() && ordered(these) && ordered(those)) {
				for (int i = 0; i < these.size(); i++) {
					matches.add(new Match(these.get(i).name, those.get(i).name, these.get(i).read.rules(),
							these.size() > 1));
				}
			}
		}
		return matches;
	}

	private static SortedMap<String, List<Named>> forms(Collection<String> names, Collection<String> without,
			String folder, RunFacts run) {
		SortedMap<String, List<Named>> forms = new TreeMap<>();
		for (String name : names) {
			VaryingName read = without.contains(name) ? null : VaryingName.of(name, folder, run);
			if (read != null) {
				forms.computeIfAbsent(read.form(), (form) -> new ArrayList<>()).add(new Named(name, read));
			}
		}
		forms.values().forEach((list) -> list.sort((x, y) -> VaryingName.BY_TIME.compare(x.read, y.read)));
		return forms;
	}

	/**
	 * Whether each is later than the one before.
	 */
	private static boolean ordered(List<Named> names) {
		for (int i = 1; i < names.size(); i++) {
			if (VaryingName.BY_TIME.compare(names.get(i - 1).read, names.get(i).read) >= 0) {
				return false;
			}
		}
		return true;
	}

	private record Named(String name, VaryingName read) {
	}

	private record Match(String left, String right, SortedSet<String> rules, boolean ordered) {
	}

	private record Step(Folder left, Folder right, SortedSet<String> rules, boolean ordered) {

		SortedSet<String> with(SortedSet<String> more) {
			SortedSet<String> all = new TreeSet<>(this.rules);
			all.addAll(more);
			return all;
		}

	}

	private static final class Folder {

		private final String name;

		private final String path;

		private final SortedMap<String, Folder> folders = new TreeMap<>();

		private final SortedSet<String> files = new TreeSet<>();

		Folder(String name, String path) {
			this.name = name;
			this.path = path;
		}

	}

}
