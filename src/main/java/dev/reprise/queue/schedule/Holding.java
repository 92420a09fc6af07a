package dev.reprise.queue.schedule;

import java.time.Instant;

/**
 * What a living attempt holds.
 *
 * @param run its run
 * @param project whom it is counted for
 * @param amounts what others cannot have
 * @param latestEnd when its time is over
 */
public record Holding(String run, String project, Amounts amounts, Instant latestEnd) {
}
