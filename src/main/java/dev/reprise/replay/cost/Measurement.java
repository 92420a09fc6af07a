package dev.reprise.replay.cost;

import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;

import dev.reprise.record.BoundedJson;
import dev.reprise.record.ProcessRecord;
import dev.reprise.record.RunRecord;
import dev.reprise.record.UnreadableRecordException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * How long one run took: its whole process by the service's clock, its steps by the
 * process's own.
 *
 * @param steps how many it made, 0 where it made none or does not say
 * @param stepNanos mean nanoseconds of a step from the end of the first to the end of the
 * last, null with fewer than two steps
 * @param runNanos nanoseconds from the start of the process to its end, null where that
 * is not known
 */
record Measurement(long steps, @Nullable Long stepNanos, @Nullable Long runNanos) {

	/**
	 * Reads the record folder of a run that has ended. Of several processes that made
	 * steps the one with the most counts, the first of those where they are as many.
	 */
	static Measurement of(Path folder) {
		Long whole = whole(folder);
		Measurement most = new Measurement(0, null, whole);
		for (ProcessRecord process : RunRecord.read(folder).processes()) {
			JsonNode timing = read(folder.resolve("record").resolve(process.name()).resolve("timing.json"));
			if (timing == null) {
				continue;
			}
			long steps = number(timing, "steps");
			long span = number(timing, "last") - number(timing, "first");
			// No process can have stepped for longer than it was there.
			boolean credible = steps > 0 && span >= 0 && (whole == null || span <= whole);
			if (credible && steps > most.steps) {
				most = new Measurement(steps, (steps > 1) ? span / (steps - 1) : null, whole);
			}
		}
		return most;
	}

	private static @Nullable Long whole(Path folder) {
		JsonNode end = read(folder.resolve("end.json"));
		if (end == null) {
			return null;
		}
		try {
			return Duration
				.between(Instant.parse(end.path("startedAt").asString("")),
						Instant.parse(end.path("finishedAt").asString("")))
				.toNanos();
		}
		catch (DateTimeException | ArithmeticException ex) {
			return null;
		}
	}

	private static @Nullable JsonNode read(Path file) {
		try {
			return BoundedJson.read(file);
		}
		catch (UnreadableRecordException ex) {
			return null;
		}
	}

	private static long number(JsonNode document, String name) {
		JsonNode value = document.path(name);
		return (value.isIntegralNumber() && value.canConvertToLong()) ? Math.max(0, value.asLong()) : 0;
	}

}
