/**
 * Turns a spec and a workspace into a command line and an environment.
 */
@NullMarked
package dev.reprise.runtime;

import org.jspecify.annotations.NullMarked;
