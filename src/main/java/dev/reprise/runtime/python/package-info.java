/**
 * The command line and environment of a Python program with the harness in it.
 */
@NullMarked
package dev.reprise.runtime.python;

import org.jspecify.annotations.NullMarked;
