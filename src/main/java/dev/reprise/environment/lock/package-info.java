/**
 * Readers of lock files: exact versions with hashes, and nothing that reaches elsewhere.
 */
@NullMarked
package dev.reprise.environment.lock;

import org.jspecify.annotations.NullMarked;
