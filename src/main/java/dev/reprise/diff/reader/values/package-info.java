/**
 * Reads texts that hold values: JSON, JSON lines, CSV.
 */
@NullMarked
package dev.reprise.diff.reader.values;

import org.jspecify.annotations.NullMarked;
