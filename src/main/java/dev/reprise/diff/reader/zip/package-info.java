/**
 * The central directory of zip files that jobs write, with bounds.
 */
@NullMarked
package dev.reprise.diff.reader.zip;

import org.jspecify.annotations.NullMarked;
