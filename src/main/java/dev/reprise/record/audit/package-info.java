/**
 * The operators that a process listed, and what is documented of each on a GPU.
 */
@NullMarked
package dev.reprise.record.audit;

import org.jspecify.annotations.NullMarked;
