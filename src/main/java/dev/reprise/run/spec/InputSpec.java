package dev.reprise.run.spec;

import dev.reprise.artifact.Digest;
import org.jspecify.annotations.Nullable;

/**
 * An input, a file or a tree.
 *
 * @param digest the file's digest, or that of a listing
 * @param path where it is wanted below the working folder as well, or null
 */
public record InputSpec(Digest digest, @Nullable String path) {
}
