/**
 * Tensors in files: safetensors, npy and npz, and in what two of them differ.
 */
@NullMarked
package dev.reprise.diff.reader.tensor;

import org.jspecify.annotations.NullMarked;
