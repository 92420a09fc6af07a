/**
 * The trainers that ship with the service, programs with DJL in a jar of their own, as a
 * user could have written them.
 */
@NullMarked
package dev.reprise.trainer;

import org.jspecify.annotations.NullMarked;
