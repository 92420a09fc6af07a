/**
 * What {@code torch.save} and {@code pickle} write: tensors and values, read without
 * running anything.
 */
@NullMarked
package dev.reprise.diff.reader.tensor.torch;

import org.jspecify.annotations.NullMarked;
