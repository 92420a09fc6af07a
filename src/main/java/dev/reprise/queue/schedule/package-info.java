/**
 * Decides which waiting runs start now: from what is given alone, so that it decides the
 * same whenever it is asked.
 */
@NullMarked
package dev.reprise.queue.schedule;

import org.jspecify.annotations.NullMarked;
