package dev.reprise.run;

import java.time.Instant;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.annotation.JsonRawValue;
import io.swagger.v3.oas.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * A run as clients see it.
 *
 * @param id the id
 * @param name what people call it
 * @param state where it stands
 * @param spec the resolved spec
 * @param replayOf the run that it repeats
 * @param watch what the service asked of its process beyond the spec; null in every run
 * that was submitted, and in plain replays
 * @param createdAt when it was accepted
 * @param startedAt when its first attempt began
 * @param finishedAt when it ended
 * @param waitsFor what it waits for while it starts, such as its environment and how far
 * that is; null where it waits for nothing
 * @param attempts all of its attempts
 * @param isolation how its process was held
 * @param unverifiedOnGpu whether it ran on GPUs on which nothing was shown to hold yet
 * @param softLimits what was not held as hard as it could be, in sentences; null until it
 * has ended
 * @param failure why it failed
 * @param outputs what it put out
 */
record RunView(String id, @Nullable String name, RunState state,
		@JsonRawValue @Schema(implementation = Map.class) String spec, @Nullable String replayOf, @Nullable Watch watch,
		Instant createdAt, @Nullable Instant startedAt, @Nullable Instant finishedAt, @Nullable String waitsFor,
		List<Attempt.View> attempts, @Nullable String isolation, boolean unverifiedOnGpu,
		@Nullable List<String> softLimits, @Nullable Failure failure, @Nullable OutputSummary outputs) {

	static RunView of(Run run, @Nullable String waitsFor, List<Attempt.View> attempts, @Nullable HowHeld held) {
		return new RunView(run.id(), run.name(), run.state(), run.specJson(), run.replayOf(),
				run.watch().plain() ? null : run.watch(), run.createdAt(), run.startedAt(), run.finishedAt(), waitsFor,
				attempts, run.isolation(), run.unverifiedOnGpu(), (held != null) ? held.softLimits() : null,
				run.failure(), run.outputs());
	}

}
