/**
 * Reads TensorBoard's event files.
 */
@NullMarked
package dev.reprise.diff.reader.events;

import org.jspecify.annotations.NullMarked;
