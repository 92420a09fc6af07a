package dev.reprise.replay.certificate;

import java.nio.file.Path;

import dev.reprise.record.BoundedJson;
import dev.reprise.record.EnvironmentRecord;
import dev.reprise.record.RunRecord;
import dev.reprise.record.UnreadableRecordException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/**
 * Where a run that has ended ran, and beside what: the load by the service's own word,
 * the machine by that of the process.
 *
 * @param machine null where no record names it
 * @param load one of the constants
 * @param busy whether its cores were kept busy from its start to its end
 */
public record Conditions(@Nullable MachineSeen machine, String load, boolean busy) {

	/**
	 * No other run of this service was under way meanwhile.
	 */
	public static final String ALONE = "alone";

	/**
	 * Another run was, if only for a part of the time.
	 */
	public static final String BESIDE_OTHERS = "beside other runs";

	/**
	 * Its cores were kept busy from its start to its end.
	 */
	public static final String BESIDE_BUSY = "beside a busy job";

	/**
	 * Reads them.
	 * @param folder the record folder of the run, which may be missing
	 * @param others whether other runs were under way meanwhile
	 */
	public static Conditions of(Path folder, boolean others) {
		EnvironmentRecord environment = RunRecord.read(folder).environment();
		MachineSeen machine = (environment != null) ? MachineSeen.of(environment.machine()) : null;
		boolean busy = end(folder).path("busy").asBoolean(false);
		return new Conditions(machine, busy ? BESIDE_BUSY : others ? BESIDE_OTHERS : ALONE, busy);
	}

	private static JsonNode end(Path folder) {
		try {
			return BoundedJson.read(folder.resolve("end.json"));
		}
		catch (UnreadableRecordException ex) {
			return MissingNode.getInstance();
		}
	}

}
