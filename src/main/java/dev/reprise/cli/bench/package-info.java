/**
 * What Reprise costs, measured as ratios: both sides in one run, in turns.
 */
@NullMarked
package dev.reprise.cli.bench;

import org.jspecify.annotations.NullMarked;
