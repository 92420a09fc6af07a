package dev.reprise.replay.zoom;

import dev.reprise.diff.engine.zoom.Finding;
import org.jspecify.annotations.Nullable;

/**
 * How a zoom ended.
 *
 * @param outcome what became of it
 * @param finding where the operators part, or null
 * @param statement in a sentence
 */
record ZoomResult(ZoomOutcome outcome, @Nullable Finding finding, String statement) {

	static ZoomResult notReproduced(String statement) {
		return new ZoomResult(ZoomOutcome.NOT_REPRODUCED, null, statement);
	}

	static ZoomResult notSeen(String statement) {
		return new ZoomResult(ZoomOutcome.NOT_SEEN, null, statement);
	}

}
