package dev.reprise.diff.engine;

import java.util.ArrayList;
import java.util.List;

import dev.reprise.diff.engine.trace.Parting;
import dev.reprise.diff.engine.trace.TraceComparison;
import org.jspecify.annotations.Nullable;

/**
 * Where two traces part, as the search for causes sees it.
 *
 * @param where in the step
 * @param step counted from 0, null where they do not part or there are none
 * @param every how many steps lie between two rows
 * @param generator whose state differs first, in the words of the record of seedings;
 * null where no generator's does
 * @param reading what it says, in half a sentence; null where they do not part
 */
record Scene(Where where, @Nullable Long step, long every, @Nullable String generator, @Nullable String reading) {

	private static final Scene NOWHERE = new Scene(Where.NOWHERE, null, 1, null, null);

	/**
	 * Where the traces part first, generators counted too, and then where results part,
	 * if that is another step. Without a trace there is one that is nowhere.
	 */
	static List<Scene> of(TraceComparison traces) {
		List<Scene> scenes = new ArrayList<>();
		TraceComparison.Located results = traces.parting();
		TraceComparison.Located first = traces.evidence();
		if (first != null) {
			scenes.add(of(first));
		}
		if (results != null && (first == null || results.parting().step() != first.parting().step())) {
			scenes.add(of(results));
		}
		if (scenes.isEmpty()) {
			scenes.add(NOWHERE);
		}
		return scenes;
	}

	private static Scene of(TraceComparison.Located located) {
		Parting parting = located.parting();
		String name = parting.column().name();
		boolean generator = switch (parting.column().kind()) {
			case GENERATOR, GENERATOR_END -> true;
			default -> false;
		};
		return new Scene(Where.of(parting), parting.step(), parting.every(),
				generator ? (name.startsWith("cuda") ? "torch-cuda" : name) : null, located.reading());
	}

	boolean ofGenerator() {
		return this.generator != null;
	}

}
