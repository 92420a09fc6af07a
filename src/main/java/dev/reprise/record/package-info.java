/**
 * Readers of what a process wrote about itself; everything in it is hostile until read
 * with bounds.
 */
@NullMarked
package dev.reprise.record;

import org.jspecify.annotations.NullMarked;
