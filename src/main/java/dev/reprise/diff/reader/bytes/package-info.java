/**
 * The bytes of a file that a job wrote: read by position and within bounds, never mapped,
 * since a mapped file that shrinks takes the JVM with it.
 */
@NullMarked
package dev.reprise.diff.reader.bytes;

import org.jspecify.annotations.NullMarked;
