/**
 * Reads the files that jobs write, with bounds, to say in what they differ.
 */
@NullMarked
package dev.reprise.diff.reader;

import org.jspecify.annotations.NullMarked;
