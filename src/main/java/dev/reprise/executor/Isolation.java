package dev.reprise.executor;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * How jobs are held on this machine.
 *
 * @param name {@code sandbox}, or {@code none} where it is refused
 * @param refusal what is missing and the mend, null where nothing is
 * @param notes what is weaker than it could be, in sentences
 */
public record Isolation(String name, @Nullable String refusal, List<String> notes) {

	/**
	 * Copies.
	 */
	public Isolation {
		notes = List.copyOf(notes);
	}

}
