package dev.reprise.executor.gpu;

/**
 * A GPU came, went, or changed between in use and out of use.
 */
public record GpusChanged() {
}
