/**
 * What any number of replays together say of the next one.
 */
@NullMarked
package dev.reprise.replay.certificate;

import org.jspecify.annotations.NullMarked;
