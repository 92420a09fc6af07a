/**
 * What a client may ask for: the job spec, read strictly and written with every default
 * filled in.
 */
@NullMarked
package dev.reprise.run.spec;

import org.jspecify.annotations.NullMarked;
