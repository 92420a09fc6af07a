package dev.reprise.replay.counter;

import io.swagger.v3.oas.annotations.media.Schema;

/**
 * How one counter-run compares with the run that it is held against.
 */
@Schema(name = "CounterRunOutcome")
enum RunOutcome {

	/** It gave the same: every step of the trace, or every output where there is none. */
	REPRODUCES,

	/** It gave something else. */
	DIFFERS,

	/** Not enough is there to say so. */
	UNKNOWN

}
