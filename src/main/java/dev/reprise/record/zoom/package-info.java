/**
 * Reads what a process recorded of the operators of one step.
 */
@NullMarked
package dev.reprise.record.zoom;

import org.jspecify.annotations.NullMarked;
