/**
 * The environments that runs run in.
 */
@NullMarked
package dev.reprise.environment;

import org.jspecify.annotations.NullMarked;
