package dev.reprise.queue;

import java.util.Set;

/**
 * What one attempt holds while it lives.
 *
 * @param run the run
 * @param attempt the number of the attempt
 * @param slot a small number that no other living attempt has
 * @param cpus numbers of the cores
 * @param memory bytes
 */
record Allocation(String run, int attempt, int slot, Set<Integer> cpus, long memory) {
}
