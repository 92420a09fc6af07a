/**
 * What starts, watches and ends one attempt, wherever it runs.
 */
@NullMarked
package dev.reprise.executor;

import org.jspecify.annotations.NullMarked;
