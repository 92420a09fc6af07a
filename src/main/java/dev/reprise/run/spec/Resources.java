package dev.reprise.run.spec;

import org.jspecify.annotations.Nullable;

/**
 * What one attempt holds while it lives.
 *
 * @param gpus how many GPUs, all of one model
 * @param gpuModel words of the model's name that they must have, or null for any
 * @param cpus cores that it may use
 * @param threads what each of its processes computes with; part of the settings, since it
 * changes the bits
 * @param memory bytes
 * @param disk bytes in its workspace
 */
public record Resources(int gpus, @Nullable String gpuModel, int cpus, int threads, long memory, long disk) {
}
