/**
 * Runs, job specs, attempts and their states.
 */
@NullMarked
package dev.reprise.run;

import org.jspecify.annotations.NullMarked;
