/**
 * The GPUs of this machine: which there are and whether they answer, by what nodes and
 * libraries a job reaches them.
 */
@NullMarked
package dev.reprise.executor.gpu;

import org.jspecify.annotations.NullMarked;
