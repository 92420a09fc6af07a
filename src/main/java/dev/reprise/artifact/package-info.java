/**
 * Digests, listings and the content-addressed store.
 */
@NullMarked
package dev.reprise.artifact;

import org.jspecify.annotations.NullMarked;
