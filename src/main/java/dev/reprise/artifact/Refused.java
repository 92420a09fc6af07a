package dev.reprise.artifact;

/**
 * Something in a tree that is not taken.
 *
 * @param path where it is, for people to read: what cannot be printed is escaped
 * @param reason what is wrong with it
 */
public record Refused(String path, String reason) {
}
