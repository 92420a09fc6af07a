/**
 * Arrays as numpy writes them: npy, npz, and the types of their elements.
 */
@NullMarked
package dev.reprise.diff.reader.tensor.numpy;

import org.jspecify.annotations.NullMarked;
