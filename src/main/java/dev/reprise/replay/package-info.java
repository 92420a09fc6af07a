/**
 * Replays, their verdicts, and the controls that show whether those could fail.
 */
@NullMarked
package dev.reprise.replay;

import org.jspecify.annotations.NullMarked;
