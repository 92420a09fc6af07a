package dev.reprise.diff.engine;

import java.time.Instant;
import java.time.format.DateTimeParseException;

import dev.reprise.diff.engine.folder.RecordFolder;
import dev.reprise.diff.engine.folder.RunEnd;
import org.jspecify.annotations.Nullable;

/**
 * Says where both sides had the environment of one lock, but not the same one: it was
 * removed in between and built anew.
 */
final class RebuiltEnvironment {

	private RebuiltEnvironment() {
	}

	/**
	 * A sentence, or null where there is nothing to say.
	 */
	static @Nullable String note(RecordFolder left, RecordFolder right) {
		RunEnd.Environment a = environment(left);
		RunEnd.Environment b = environment(right);
		if (a == null || b == null || !a.key().equals(b.key()) || a.builtAt().equals(b.builtAt())) {
			return null;
		}
		boolean leftFirst = at(a).isBefore(at(b));
		return "the environment of the " + (leftFirst ? "left" : "right")
				+ " side was gone, and was built anew from its lock for the " + (leftFirst ? "right" : "left")
				+ " side: "
				+ (a.contents().equals(b.contents()) ? "what is installed is equal" : "what is installed differs");
	}

	/**
	 * What is installed by the service's own digest, null where the service did not build
	 * the environment.
	 */
	static @Nullable String installed(RecordFolder folder) {
		RunEnd.Environment environment = environment(folder);
		return (environment != null) ? environment.contents() : null;
	}

	private static RunEnd.@Nullable Environment environment(RecordFolder folder) {
		return (folder.end() != null) ? folder.end().environment() : null;
	}

	private static Instant at(RunEnd.Environment environment) {
		try {
			return Instant.parse(environment.builtAt());
		}
		catch (DateTimeParseException ex) {
			return Instant.EPOCH;
		}
	}

}
