/**
 * Runs a command on this machine, as its user, into a record folder.
 */
@NullMarked
package dev.reprise.cli.local;

import org.jspecify.annotations.NullMarked;
