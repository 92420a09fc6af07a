/**
 * Finds the files of two runs that are the same file under a name that carries when,
 * where or in which process it was written.
 */
@NullMarked
package dev.reprise.diff.engine.names;

import org.jspecify.annotations.NullMarked;
