/**
 * What the service promises, shown with real processes, real torch and a real database.
 */
@NullMarked
package dev.reprise.acceptance;

import org.jspecify.annotations.NullMarked;
