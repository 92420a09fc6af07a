/**
 * Compares the operators of one step of two runs.
 */
@NullMarked
package dev.reprise.diff.engine.zoom;

import org.jspecify.annotations.NullMarked;
