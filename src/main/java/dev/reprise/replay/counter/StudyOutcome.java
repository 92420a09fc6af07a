package dev.reprise.replay.counter;

import io.swagger.v3.oas.annotations.media.Schema;

/**
 * What counter-runs have shown.
 */
@Schema(name = "CounterRunsOutcome")
enum StudyOutcome {

	/** A change alone made the one side into the other. */
	CONFIRMED,

	/** No change alone did, and without each of some the other side is not what it is. */
	JOINT,

	/** Neither. */
	NOT_CONFIRMED,

	/** A side did not give the same again when nothing was changed. */
	NOT_REPRODUCED

}
