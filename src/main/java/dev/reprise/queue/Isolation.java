package dev.reprise.queue;

/**
 * How jobs are held here, as it is named in every run.
 *
 * @param name such as {@code sandbox}
 */
public record Isolation(String name) {
}
