/**
 * The values that a pickle describes. Nothing is imported, called or made: what is not
 * among the names that a reader knows ends the reading.
 */
@NullMarked
package dev.reprise.diff.reader.pickle;

import org.jspecify.annotations.NullMarked;
