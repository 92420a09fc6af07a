package dev.reprise.replay.zoom;

import io.swagger.v3.oas.annotations.media.Schema;

/**
 * What became of a zoom.
 */
@Schema(name = "ZoomOutcome")
enum ZoomOutcome {

	/** Something differs, and it is named. */
	FOUND,

	/** A side left its own trace, so that what it showed says nothing of the diff. */
	NOT_REPRODUCED,

	/** Nothing that was seen differs, or it could not be looked at. */
	NOT_SEEN

}
