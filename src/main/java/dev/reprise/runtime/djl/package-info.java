/**
 * The command line and environment of a program on the JVM with the agent in it.
 */
@NullMarked
package dev.reprise.runtime.djl;

import org.jspecify.annotations.NullMarked;
