/**
 * Runs both sides of a diff again to find the operator in which they part.
 */
@NullMarked
package dev.reprise.replay.zoom;

import org.jspecify.annotations.NullMarked;
