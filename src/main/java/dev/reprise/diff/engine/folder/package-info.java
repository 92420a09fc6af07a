/**
 * Reads record folders: all of one run as files, of which what the service wrote is
 * trusted and what the job wrote is not.
 */
@NullMarked
package dev.reprise.diff.engine.folder;

import org.jspecify.annotations.NullMarked;
