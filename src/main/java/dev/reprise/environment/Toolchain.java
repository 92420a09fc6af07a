package dev.reprise.environment;

import java.nio.file.Path;

/**
 * What environments are built with.
 *
 * @param uv the program
 * @param python what they are built on
 */
public record Toolchain(Path uv, BasePython python) {
}
