/**
 * Reads files that hold other files: gzip, tar, zip.
 */
@NullMarked
package dev.reprise.diff.reader.archive;

import org.jspecify.annotations.NullMarked;
