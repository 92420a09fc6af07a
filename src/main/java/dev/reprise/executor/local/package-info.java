/**
 * Runs attempts on this machine, each in a sandbox under a supervisor that ends it when
 * the service dies.
 */
@NullMarked
package dev.reprise.executor.local;

import org.jspecify.annotations.NullMarked;
