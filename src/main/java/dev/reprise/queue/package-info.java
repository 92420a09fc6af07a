/**
 * Claims, allocations, cancelling, and the recovery of lost attempts.
 */
@NullMarked
package dev.reprise.queue;

import org.jspecify.annotations.NullMarked;
