package dev.reprise.run.spec;

/**
 * The most that one run may ask for here: a run that could never start is refused, not
 * queued for ever.
 *
 * @param cpus cores
 * @param memory bytes
 */
public record Capacity(int cpus, long memory) {
}
