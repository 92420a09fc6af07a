package dev.reprise.replay.zoom;

import java.time.Instant;

import dev.reprise.diff.engine.zoom.Finding;
import io.swagger.v3.oas.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * A zoom, as clients see it and as the database has it.
 *
 * @param diff the diff that it belongs to
 * @param state {@code PENDING} or {@code DONE}
 * @param step the step that is looked at
 * @param process the process, by the left one's name
 * @param left the run that repeats the left one
 * @param right the run that repeats the right one
 * @param outcome null while pending
 * @param finding where the operators part, null where that is not known
 * @param statement what was found, or why nothing was; null while pending
 * @param createdAt when it was asked for
 */
@Schema(name = "Zoom")
record ZoomView(String diff, String state, long step, String process, String left, String right,
		@Schema(implementation = String.class) @Nullable ZoomOutcome outcome, @Nullable Finding finding,
		@Nullable String statement, Instant createdAt) {

	boolean pending() {
		return this.state.equals("PENDING");
	}

}
