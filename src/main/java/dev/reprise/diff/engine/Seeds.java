package dev.reprise.diff.engine;

import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

import dev.reprise.diff.engine.folder.ObservedProcess;
import dev.reprise.diff.engine.folder.RecordFolder;

/**
 * Where the program of both sides sets a seed of its own, the same on both, that the
 * job's seed does not win over.
 *
 * @param places in the program, in the order of the record
 */
record Seeds(List<String> places) {

	Seeds {
		places = List.copyOf(places);
	}

	static Seeds own(RecordFolder left, RecordFolder right) {
		Set<ObservedProcess.Seeding> onRight = new HashSet<>(own(right));
		return new Seeds(own(left).stream()
			.filter(onRight::contains)
			.map(ObservedProcess.Seeding::place)
			.collect(Collectors.toCollection(LinkedHashSet::new))
			.stream()
			.toList());
	}

	private static List<ObservedProcess.Seeding> own(RecordFolder folder) {
		return folder.record()
			.processes()
			.stream()
			.flatMap((process) -> process.seedings().stream())
			.filter((seeding) -> !seeding.held() && Objects.nonNull(seeding.value()))
			.map(ObservedProcess.Seeding::undated)
			.toList();
	}

	boolean any() {
		return !this.places.isEmpty();
	}

	/**
	 * {@code train.py:12 sets its own}.
	 */
	String setTheirOwn() {
		String first = this.places.getFirst();
		int others = this.places.size() - 1;
		return (others == 0) ? first + " sets its own"
				: first + " and " + others + " more place" + ((others == 1) ? "" : "s") + " set their own";
	}

}
