/**
 * What the recipe and the trace cost one job, measured by running it with and without.
 */
@NullMarked
package dev.reprise.replay.cost;

import org.jspecify.annotations.NullMarked;
