/**
 * Diffs as the service keeps them.
 */
@NullMarked
package dev.reprise.diff;

import org.jspecify.annotations.NullMarked;
