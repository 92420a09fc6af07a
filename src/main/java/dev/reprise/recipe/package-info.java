/**
 * Determinism modes, knobs, and the recipe that a seed and a mode resolve to.
 */
@NullMarked
package dev.reprise.recipe;

import org.jspecify.annotations.NullMarked;
