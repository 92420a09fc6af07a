/**
 * ONNX models: their initializers as tensors, the rest by its digest.
 */
@NullMarked
package dev.reprise.diff.reader.tensor.onnx;

import org.jspecify.annotations.NullMarked;
