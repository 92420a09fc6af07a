/**
 * Replays and their verdicts.
 */
@NullMarked
package dev.reprise.replay;

import org.jspecify.annotations.NullMarked;
