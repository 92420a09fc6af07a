package dev.reprise.run.spec;

import java.util.List;

import dev.reprise.http.ObjectReader;
import org.jspecify.annotations.Nullable;

/**
 * Reads what a spec says of the trace: an object, {@code "off"}, or nothing, which is a
 * trace of everything.
 */
final class TraceFields {

	static final String OFF = "off";

	private static final String MEND = "give {\"every\": 1, \"tensors\": \"all\", \"budget\": \"1GiB\"}, any of them, or \"off\"";

	private TraceFields() {
	}

	/**
	 * Reads.
	 * @param disk bytes that the job has
	 * @return what is to be traced, or null for nothing
	 */
	static @Nullable TraceSpec read(ObjectReader spec, long disk) {
		if (spec.isText("trace")) {
			String word = spec.text("trace", 32);
			if (word != null && !word.equals(OFF)) {
				spec.wrong("trace", "is not known: " + ObjectReader.printable(word), MEND);
			}
			return null;
		}
		ObjectReader trace = spec.object("trace", MEND);
		if (trace == null) {
			return TraceSpec.ofAll(disk);
		}
		TraceSpec result = new TraceSpec(
				(int) trace.integer("every", 1, 1, TraceSpec.MAX_EVERY,
						"give a whole number from 1 to " + TraceSpec.MAX_EVERY),
				tensors(trace),
				trace.size("budget", TraceSpec.defaultBudget(disk), TraceSpec.MIN_BUDGET, TraceSpec.MAX_BUDGET));
		trace.refuseUnknown();
		return result;
	}

	private static TraceTensors tensors(ObjectReader trace) {
		if (trace.isText("tensors")) {
			String word = trace.text("tensors", 32);
			if ("sum".equals(word)) {
				return new TraceTensors.Sum();
			}
			if (word != null && !word.equals("all")) {
				trace.wrong("tensors", "is not known: " + ObjectReader.printable(word),
						"give \"all\", \"sum\", or a list of patterns such as [\"conv*\"]");
			}
			return new TraceTensors.All();
		}
		if (!trace.has("tensors")) {
			return new TraceTensors.All();
		}
		List<String> patterns = trace.texts("tensors", List.of("*"), TraceTensors.Matching.MAX,
				TraceTensors.Matching.MAX_LENGTH);
		for (int i = 0; i < patterns.size(); i++) {
			if (patterns.get(i).isEmpty()) {
				trace.wrongEntry("tensors", i, "is empty", "give a pattern such as \"conv*\", or leave it out");
			}
		}
		if (patterns.isEmpty()) {
			trace.wrong("tensors", "names nothing",
					"give patterns such as [\"conv*\"], or \"sum\" for one column a kind");
		}
		return (patterns.isEmpty() || patterns.contains("")) ? new TraceTensors.All()
				: new TraceTensors.Matching(patterns);
	}

}
