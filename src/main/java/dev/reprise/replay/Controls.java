package dev.reprise.replay;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

import dev.reprise.http.RequestException;
import dev.reprise.record.BoundedJson;
import dev.reprise.record.ProcessRecord;
import dev.reprise.record.RunRecord;
import dev.reprise.record.UnreadableRecordException;
import dev.reprise.run.Run;
import dev.reprise.run.RunFolders;
import dev.reprise.run.RunState;
import dev.reprise.run.Watch;
import dev.reprise.run.spec.TraceSpec;
import dev.reprise.run.spec.TraceTensors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

import org.springframework.stereotype.Component;

/**
 * Negative controls: runs in which the harness flips one bit of one parameter, and
 * whether a diff finds it. A check that cannot fail shows nothing.
 */
@Component
class Controls {

	private static final String PARAMETER = "parameter";

	private static final int MAX_TEXT = 300;

	private final RunFolders folders;

	private final SecureRandom random = new SecureRandom();

	Controls(RunFolders folders) {
		this.folders = folders;
	}

	/**
	 * What a control of a run is to do: flip a bit in one of the steps that the run made.
	 * @throws RequestException if in that run no flip could be found, with the mend
	 */
	Watch draw(Run original) {
		TraceSpec trace = original.spec().trace();
		if (trace == null) {
			throw RequestException.conflict("The run has no trace, in which a control could be found. Submit it again"
					+ " with a trace, and replay that; or replay this one without a control.");
		}
		if (trace.tensors() instanceof TraceTensors.Sum) {
			throw RequestException.conflict("The trace of the run has one column for all parameters, so that no diff"
					+ " could name the one that a control flips. Submit it again with {\"tensors\": \"all\"}, and"
					+ " replay that; or replay this one without a control.");
		}
		long steps = steps(this.folders.recordFolder(original.id()));
		if (steps == 0) {
			throw RequestException.conflict("The run made no steps, at which a control could flip a bit: its trace has"
					+ " no row. Replay it without a control.");
		}
		return Watch.flip(this.random.nextInt(Integer.MAX_VALUE), steps);
	}

	/**
	 * The most steps that a process of a run says it made, 0 where none says so.
	 */
	private static long steps(Path folder) {
		long most = 0;
		for (ProcessRecord process : RunRecord.read(folder).processes()) {
			JsonNode observed = read(folder, process.name(), "observed.json");
			most = Math.max(most, (observed != null) ? observed.path("trace").path("steps").asLong(0) : 0);
		}
		return most;
	}

	/**
	 * Whether the diff of a control against its original found what was flipped.
	 * @param run the control's, which has ended
	 * @param diff of original and control, null where they could not be compared
	 */
	ControlResult judge(Run run, @Nullable JsonNode diff) {
		List<ControlResult> flipped = flipped(run);
		if (flipped.isEmpty()) {
			String ended = (run.state() == RunState.SUCCEEDED) ? "" : "; its run " + run.id() + " is " + run.state();
			return ControlResult.failed("no process says that it flipped a bit" + ended);
		}
		ControlResult first = flipped.getFirst();
		if (diff == null) {
			return with(first, false, "there was nothing to compare");
		}
		JsonNode divergence = diff.path("divergence");
		if (!divergence.isObject()) {
			return with(first, false, "the diff found no step at which the traces part");
		}
		for (ControlResult one : flipped) {
			if (isThat(divergence, one)) {
				return with(one, true, null);
			}
		}
		return with(first, false, "the diff names " + words(divergence) + " first");
	}

	private static boolean isThat(JsonNode divergence, ControlResult flip) {
		return divergence.path("step").isIntegralNumber()
				&& Objects.equals(divergence.path("step").asLong(), flip.step())
				&& divergence.path("kind").asString("").equals(PARAMETER)
				&& divergence.path("tensor").asString("").equals(flip.tensor());
	}

	private static String words(JsonNode divergence) {
		return cut("step " + divergence.path("step").asString("?") + ", " + divergence.path("kind").asString("?") + " "
				+ divergence.path("tensor").asString("?"));
	}

	private static ControlResult with(ControlResult flip, boolean found, @Nullable String why) {
		return new ControlResult(found, flip.step(), flip.tensor(), flip.element(), flip.bit(), why);
	}

	private List<ControlResult> flipped(Run run) {
		Path folder = this.folders.recordFolder(run.id());
		Watch.Flip asked = run.watch().flip();
		List<ControlResult> flipped = new ArrayList<>();
		for (ProcessRecord process : RunRecord.read(folder).processes()) {
			JsonNode flip = read(folder, process.name(), "flip.json");
			if (flip == null || asked == null || !flip.path("done").asBoolean(false)
					|| !flip.path("step").canConvertToLong() || !flip.path("column").isString()) {
				continue;
			}
			long step = flip.path("step").asLong();
			if (step >= 0 && step < asked.steps()) {
				flipped.add(new ControlResult(false, step, cut(flip.path("column").asString()),
						flip.path("element").asLong(0), flip.path("bit").asInt(0), null));
			}
		}
		return flipped;
	}

	/**
	 * What a job wrote, or null where it cannot be read.
	 */
	private static @Nullable JsonNode read(Path folder, String process, String name) {
		try {
			return BoundedJson.read(folder.resolve("record").resolve(process).resolve(name));
		}
		catch (UnreadableRecordException ex) {
			return null;
		}
	}

	private static String cut(String text) {
		String shown = text.replaceAll("\\p{Cntrl}", "?");
		return shown.substring(0, Math.min(shown.length(), MAX_TEXT));
	}

}
