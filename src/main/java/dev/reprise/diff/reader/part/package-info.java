/**
 * How a format says in what two of its files differ: the parts that do, and what was set
 * apart.
 */
@NullMarked
package dev.reprise.diff.reader.part;

import org.jspecify.annotations.NullMarked;
