package dev.reprise.run;

/**
 * Told to the rest of the service after a run was accepted.
 *
 * @param run its id
 */
public record RunSubmitted(String run) {
}
