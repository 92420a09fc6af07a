package dev.reprise.diff.engine;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

import dev.reprise.diff.engine.folder.RecordFolder;
import dev.reprise.diff.engine.trace.TraceComparison;
import org.jspecify.annotations.Nullable;

/**
 * What may explain a difference: what is known to differ, in order of suspicion given
 * where the traces part, by the rules of {@code docs/causes.md}. What no rule knows is no
 * cause: a label, a name, a priority. Where nothing fits, that is said.
 *
 * @param list the most likely first
 * @param unknown why none of them explains the difference, in a sentence; null where one
 * does
 */
record Causes(List<Diff.Cause> list, @Nullable String unknown) {

	/**
	 * No causes of no difference.
	 */
	static final Causes NONE = new Causes(List.of(), null);

	private static final String LIKELY = "likely";

	private static final String POSSIBLE = "possible";

	private static final int MAX_OF_FAMILY = 5;

	Causes {
		list = List.copyOf(list);
	}

	static Causes of(List<Diff.Premise> premises, RecordFolder left, RecordFolder right, TraceComparison traces) {
		return of(new Suspects(premises, left, right).all(), Scene.of(traces));
	}

	/**
	 * By the rules alone.
	 * @param scenes where the traces part, the first one first; at least one
	 */
	static Causes of(List<Suspect> suspects, List<Scene> scenes) {
		List<Ranked> ranked = new ArrayList<>();
		for (Suspect suspect : suspects) {
			Ranked one = rank(suspect, scenes);
			if (one != null) {
				ranked.add(one);
			}
		}
		boolean strong = ranked.stream().anyMatch((one) -> one.fits() && !one.suspect().family().onlyIfNothingElse());
		if (scenes.getFirst().where() != Where.NOWHERE) {
			ranked.removeIf((one) -> one.suspect().family().onlyIfNothingElse() && (strong || !one.fits()));
		}
		ranked.sort(Comparator.naturalOrder());
		Map<Family, Integer> of = new EnumMap<>(Family.class);
		List<Diff.Cause> causes = ranked.stream()
			.filter((one) -> of.merge(one.suspect().family(), 1, Integer::sum) <= MAX_OF_FAMILY)
			.map((one) -> cause(one, ranked))
			.toList();
		boolean explained = ranked.stream().anyMatch(Ranked::fits);
		return new Causes(causes, explained ? null : unknown(scenes.getFirst()));
	}

	/**
	 * How near the top of the rules without a trace a key is that differs; what no rule
	 * knows comes last.
	 */
	static int rank(Layer layer, String key) {
		Family family = Suspects.family(layer, key);
		int rank = (family != null) ? Where.NOWHERE.families().indexOf(family) : -1;
		return (rank >= 0) ? rank : Family.values().length;
	}

	/**
	 * Null where it cannot have made the difference, since it came later.
	 */
	private static @Nullable Ranked rank(Suspect suspect, List<Scene> scenes) {
		for (int i = 0; i < scenes.size(); i++) {
			Scene scene = scenes.get(i);
			if (suspect.fits(scene)) {
				return new Ranked(suspect, scene, true, i, suspect.inTheStepOf(scene) ? 0 : 1,
						place(suspect.family(), scene));
			}
		}
		if (suspect.after(scenes.getLast())) {
			return null;
		}
		int rank = Where.NOWHERE.families().indexOf(suspect.family());
		return new Ranked(suspect, scenes.getFirst(), false, scenes.size(), 1,
				(rank >= 0) ? rank : Family.values().length);
	}

	/**
	 * What the program is started with acts from the first step on, code in any: in the
	 * first step the command line and the variables come before the code.
	 */
	private static int place(Family family, Scene scene) {
		List<Family> families = scene.where().families();
		Long step = scene.step();
		boolean late = family == Family.CODE && step != null && step == 0;
		int last = Math.max(families.indexOf(Family.COMMAND), families.indexOf(Family.VARIABLE));
		int own = families.indexOf(family);
		return (late && own < last) ? 2 * last + 1 : 2 * own;
	}

	private static Diff.Cause cause(Ranked one, List<Ranked> all) {
		Suspect suspect = one.suspect();
		boolean alone = all.stream().allMatch((other) -> !other.fits() || other.suspect().family() == suspect.family());
		boolean traced = one.scene().where() != Where.NOWHERE;
		boolean known = traced || suspect.layer() != Layer.RECIPE;
		boolean likely = one.fits() && suspect.why() == null && known
				&& (suspect.family().strong() || (traced && alone && suspect.family() != Family.ORDER));
		String why = (suspect.why() != null) ? suspect.why() : suspect.family().why();
		return new Diff.Cause(suspect.layer(), suspect.key(), likely ? LIKELY : POSSIBLE, why, evidence(one));
	}

	/**
	 * What is known of it, and how that goes with where the traces part.
	 */
	private static String evidence(Ranked one) {
		String reading = one.scene().reading();
		if (reading == null) {
			return one.suspect().said();
		}
		return one.suspect().said() + "; "
				+ (one.fits() ? "the traces part in " : "by itself it would not part them in ") + reading;
	}

	private static String unknown(Scene scene) {
		String found = "Nothing that is known to differ explains ";
		if (scene.reading() == null) {
			return found + "the difference: what is left is " + scene.where().rest() + ".";
		}
		return found + "why the traces part in " + scene.reading() + "; what is left is " + scene.where().rest() + ".";
	}

	/**
	 * A suspect in its place.
	 *
	 * @param scene that it fits, or the first
	 * @param fits whether it can have made the traces part there
	 * @param at place of the scene
	 * @param dated 0 where it came in the very step
	 * @param rank in the rules
	 */
	private record Ranked(Suspect suspect, Scene scene, boolean fits, int at, int dated,
			int rank) implements Comparable<Ranked> {

		private static final Comparator<Ranked> ORDER = Comparator.comparingInt(Ranked::at)
			.thenComparingInt(Ranked::dated)
			.thenComparingInt(Ranked::rank);

		@Override
		public int compareTo(Ranked other) {
			return ORDER.compare(this, other);
		}

	}

}
