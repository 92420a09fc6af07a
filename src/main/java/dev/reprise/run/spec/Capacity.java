package dev.reprise.run.spec;

import org.jspecify.annotations.Nullable;

/**
 * The most that one run may ask for here: a run that could never start is refused, not
 * queued for ever.
 *
 * @param cpus cores
 * @param memory bytes
 * @param gpus what there is of GPUs, null where that is not to be checked
 */
public record Capacity(int cpus, long memory, @Nullable GpuStock gpus) {
}
