/**
 * Where Reprise starts; each feature lives in a package of its own below.
 */
@NullMarked
package dev.reprise;

import org.jspecify.annotations.NullMarked;
