package dev.reprise.run.spec;

/**
 * What one attempt holds while it lives.
 *
 * @param cpus cores that it may use
 * @param threads what each of its processes computes with; part of the settings, since it
 * changes the bits
 * @param memory bytes
 * @param disk bytes in its workspace
 */
public record Resources(int cpus, int threads, long memory, long disk) {
}
