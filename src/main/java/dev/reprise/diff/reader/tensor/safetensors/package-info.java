/**
 * Safetensors files.
 */
@NullMarked
package dev.reprise.diff.reader.tensor.safetensors;

import org.jspecify.annotations.NullMarked;
