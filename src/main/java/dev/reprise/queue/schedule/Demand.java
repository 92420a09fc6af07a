package dev.reprise.queue.schedule;

import org.jspecify.annotations.Nullable;

/**
 * What a run needs to start.
 *
 * @param gpus how many, all of one model
 * @param gpuModel words of the model's name, or null for any
 * @param cpus cores
 * @param memory bytes
 */
public record Demand(int gpus, @Nullable String gpuModel, int cpus, long memory) {
}
