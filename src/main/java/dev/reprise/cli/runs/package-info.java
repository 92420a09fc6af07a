/**
 * Compares, verifies, exports and checks runs, wherever each is kept.
 */
@NullMarked
package dev.reprise.cli.runs;

import org.jspecify.annotations.NullMarked;
