/**
 * What all controllers share: problem details, field errors, idempotency, pages and
 * ranges.
 */
@NullMarked
package dev.reprise.http;

import org.jspecify.annotations.NullMarked;
