/**
 * Tar archives that are written in one way only, so that the same files give the same
 * bytes and a changed byte anywhere is found.
 */
@NullMarked
package dev.reprise.artifact.tar;

import org.jspecify.annotations.NullMarked;
