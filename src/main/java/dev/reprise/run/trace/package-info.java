/**
 * The traces of a run's processes as clients see them, page by page.
 */
@NullMarked
package dev.reprise.run.trace;

import org.jspecify.annotations.NullMarked;
