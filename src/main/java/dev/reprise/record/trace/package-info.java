/**
 * Traces as processes wrote them: one row a step, one column a thing that was watched,
 * mapped and never trusted.
 */
@NullMarked
package dev.reprise.record.trace;

import org.jspecify.annotations.NullMarked;
