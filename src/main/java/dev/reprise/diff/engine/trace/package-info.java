/**
 * Compares the traces of two runs: where they part, whether they meet again, and how far
 * what they say can be relied upon.
 */
@NullMarked
package dev.reprise.diff.engine.trace;

import org.jspecify.annotations.NullMarked;
