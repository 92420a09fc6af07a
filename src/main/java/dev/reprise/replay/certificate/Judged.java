package dev.reprise.replay.certificate;

import dev.reprise.diff.engine.Verdict;
import org.jspecify.annotations.Nullable;

/**
 * A replay as a certificate counts it.
 *
 * @param verdict null while it is pending
 * @param machine where it ran, null where its record does not say
 * @param load what the machine did beside it, null where that is not known
 */
public record Judged(@Nullable Verdict verdict, @Nullable MachineSeen machine, @Nullable String load) {
}
