/**
 * Formats that libraries read, in a process of its own that turns them into plain ones.
 */
@NullMarked
package dev.reprise.diff.reader.apart;

import org.jspecify.annotations.NullMarked;
