/**
 * Decides: premises, results and the verdict over two record folders, without the
 * service.
 */
@NullMarked
package dev.reprise.diff.engine;

import org.jspecify.annotations.NullMarked;
