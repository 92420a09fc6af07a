package dev.reprise.diff.engine;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Knobs that differ only because a setting does: who is told that the seed differs need
 * not be told so six times.
 */
final class Derived {

	private Derived() {
	}

	/**
	 * The settings that differ and have knobs of their own.
	 */
	static Set<String> keys(List<Diff.Premise> premises) {
		Set<String> keys = new HashSet<>();
		for (Diff.Premise premise : premises) {
			if (premise.layer() == Layer.SETTINGS) {
				premise.differences().forEach((difference) -> keys.add(difference.key()));
			}
		}
		return keys;
	}

	static boolean isDerived(String knob, Set<String> settings) {
		if (settings.contains("determinism") || settings.contains("portable")) {
			return true;
		}
		String name = knob.toLowerCase(Locale.ROOT);
		boolean seed = name.contains("seed") || name.contains("randbits");
		return (settings.contains("seed") && seed && !name.contains(" at "))
				|| (settings.contains("resources.threads") && name.contains("num_threads"));
	}

}
