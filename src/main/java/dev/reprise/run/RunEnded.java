package dev.reprise.run;

/**
 * Told to the rest of the service after a run has come to its final state.
 *
 * @param run its id
 */
public record RunEnded(String run) {
}
