package dev.reprise.replay;

import dev.reprise.diff.ComparisonReader;
import dev.reprise.diff.engine.Comparison;
import dev.reprise.http.ObjectReader;

/**
 * What is asked for.
 *
 * @param count how many replays, 1 to 100, the control not counted
 * @param control whether a run is added in which one bit is flipped, which the diff must
 * find
 * @param busy whether the cores of all of them are kept busy beside them
 * @param comparison what the verdicts may tolerate and ignore
 */
record ReplayRequest(int count, boolean control, boolean busy, Comparison comparison) {

	static ReplayRequest read(ObjectReader reader) {
		ReplayRequest request = new ReplayRequest(
				(int) reader.integer("count", 1, 1, 100, "give a whole number from 1 to 100"),
				reader.flag("control", false), reader.flag("busy", false), ComparisonReader.read(reader));
		reader.refuseUnknown();
		return request;
	}

	/**
	 * How many runs it takes.
	 */
	int runs() {
		return this.control ? this.count + 1 : this.count;
	}

}
