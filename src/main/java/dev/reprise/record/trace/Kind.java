package dev.reprise.record.trace;

import java.util.Locale;

import com.fasterxml.jackson.annotation.JsonValue;
import org.jspecify.annotations.Nullable;

/**
 * What a column of a trace is of, in causal order: what differs in one kind can make what
 * comes after it differ, in the same step; of batch and output see {@link #place()}.
 */
public enum Kind {

	GENERATOR, BATCH, OUTPUT, LOSS, LOSS_VALUE, ACCUMULATED, GRADIENT, PARAMETER, OPTIMIZER, BUFFER, GENERATOR_END;

	/**
	 * As it is written in a header.
	 */
	@JsonValue
	public String word() {
		return name().toLowerCase(Locale.ROOT).replace('_', '-');
	}

	/**
	 * Whether it is a result; the others are evidence, and no job can say otherwise of
	 * its own columns.
	 */
	public boolean result() {
		return this != GENERATOR && this != GENERATOR_END && !number();
	}

	/**
	 * Whether its columns hold numbers, all others fingerprints.
	 */
	public boolean number() {
		return this == LOSS_VALUE;
	}

	/**
	 * The kind at whose place in the causal order of a step its columns stand. What a
	 * model is given and what its modules return share one: a second model may be given
	 * what the first has made, so these stand as the program made them.
	 */
	public Kind place() {
		return (this == BATCH) ? OUTPUT : this;
	}

	static @Nullable Kind of(@Nullable String word) {
		for (Kind kind : values()) {
			if (kind.word().equals(word)) {
				return kind;
			}
		}
		return null;
	}

}
