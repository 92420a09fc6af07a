package dev.reprise.diff.engine;

import java.time.Instant;
import java.time.format.DateTimeParseException;

import dev.reprise.diff.engine.folder.RecordFolder;
import dev.reprise.diff.engine.folder.RunEnd;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Says where both sides had an environment of one lock, but not the same one: it was
 * removed in between and built anew, on another Python perhaps.
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
		if (a == null || b == null) {
			return null;
		}
		String contents = a.contents().equals(b.contents()) ? "what is installed is equal"
				: "what is installed differs";
		if (!a.key().equals(b.key())) {
			String lock = lock(left);
			return (lock != null && lock.equals(lock(right)))
					? "the environments were built from one lock, but on another Python or by other rules: " + contents
					: null;
		}
		if (a.builtAt().equals(b.builtAt())) {
			return null;
		}
		boolean leftFirst = at(a).isBefore(at(b));
		return "the environment of the " + (leftFirst ? "left" : "right")
				+ " side was gone, and was built anew from its lock for the " + (leftFirst ? "right" : "left")
				+ " side: " + contents;
	}

	private static @Nullable String lock(RecordFolder folder) {
		JsonNode spec = folder.spec();
		return (spec != null) ? spec.path("environment").path("lock").asString(null) : null;
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
