/**
 * Reads pictures and documents: PNG, PDF, and SVG as matplotlib writes it.
 */
@NullMarked
package dev.reprise.diff.reader.document;

import org.jspecify.annotations.NullMarked;
