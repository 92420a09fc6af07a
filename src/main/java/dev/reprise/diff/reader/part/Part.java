package dev.reprise.diff.reader.part;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * A part of a file that differs.
 *
 * @param part where it is, in the words of its format, fit to be shown
 * @param left what the left side has, cut; null where it has no such part
 * @param right what the right side has
 * @param within whether the tolerance that was asked for covers it
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Part(String part, @Nullable String left, @Nullable String right, boolean within) {
}
