/**
 * Confirms causes: runs one side again with one difference taken from the other.
 */
@NullMarked
package dev.reprise.replay.counter;

import org.jspecify.annotations.NullMarked;
