package dev.reprise.diff.reader.tensor.torch;

import dev.reprise.diff.reader.bytes.Extent;
import dev.reprise.diff.reader.tensor.Dtype;

/**
 * A storage and its bytes.
 *
 * @param dtype what its elements are, bytes where the tensors say it
 * @param elements how many
 * @param bytes where they are
 * @param bigEndian whether the most significant byte of an element comes first
 * @param device where it was
 */
record Stored(Dtype dtype, long elements, Extent bytes, boolean bigEndian, String device) {
}
