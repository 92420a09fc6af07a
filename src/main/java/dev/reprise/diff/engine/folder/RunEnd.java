package dev.reprise.diff.engine.folder;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Set;

import dev.reprise.record.UnreadableRecordException;
import tools.jackson.databind.JsonNode;

import org.jspecify.annotations.Nullable;

/**
 * How a run ended, as the service wrote it.
 *
 * @param state its end state
 * @param byJob whether the job ended by itself
 * @param isolation how it was held
 * @param failure why it failed, null where it did not
 * @param environment the built environment that it ran in, null where it was another
 * @param startedPython false where the service saw that no Python was ever started
 * @param startedAt when its last attempt started, null where that is not known
 * @param finishedAt when that ended, null where it is not known
 */
public record RunEnd(State state, boolean byJob, String isolation, @Nullable Failure failure,
		@Nullable Environment environment, boolean startedPython, @Nullable Instant startedAt,
		@Nullable Instant finishedAt) {

	/**
	 * Failures that are the program's own doing; with any other something from outside
	 * ended the program before it was done.
	 */
	private static final Set<String> OWN_FAILURES = Set.of("EXIT", "SIGNAL", "REFUSED_OPERATION", "DRIFT");

	/**
	 * The end states of a run.
	 */
	public enum State {

		SUCCEEDED, FAILED, CANCELLED

	}

	/**
	 * Why a run failed; the message is for people and says nothing about sameness.
	 *
	 * @param kind as in the contract
	 * @param operation that refused
	 * @param location in the program
	 * @param exitCode of the process
	 */
	public record Failure(String kind, @Nullable String operation, @Nullable String location,
			@Nullable Integer exitCode) {
	}

	/**
	 * An environment that the service built.
	 *
	 * @param key what it is kept by
	 * @param contents the digest of what is installed
	 * @param builtAt when it was built
	 */
	public record Environment(String key, String contents, String builtAt) {
	}

	/**
	 * Whether something other than the program ended the run, so that what it left may be
	 * half done.
	 */
	public boolean cutShort() {
		return this.state == State.CANCELLED || !this.byJob
				|| (this.failure != null && !OWN_FAILURES.contains(this.failure.kind()));
	}

	/**
	 * What cut it short, in words.
	 */
	public String inWords() {
		if (this.state == State.CANCELLED) {
			return "was cancelled";
		}
		return (this.failure != null) ? "was ended by " + this.failure.kind() : "was ended by the service";
	}

	static RunEnd read(JsonNode node) throws UnreadableRecordException {
		Integer schema = JsonParts.integer(node, "schema");
		String state = JsonParts.text(node, "state");
		String endedBy = JsonParts.text(node, "endedBy");
		if (schema == null || schema != 1 || state == null || endedBy == null) {
			throw new UnreadableRecordException("end.json is not of schema 1");
		}
		return new RunEnd(state(state), endedBy.equals("job"), JsonParts.text(node, "isolation", "unknown"),
				failure(node.path("failure"), state), environment(node.path("environment")),
				!JsonParts.text(node, "python", "").equals("not-applicable"), time(node, "startedAt"),
				time(node, "finishedAt"));
	}

	private static @Nullable Environment environment(JsonNode node) {
		String key = JsonParts.text(node, "key");
		String contents = JsonParts.text(node, "contents");
		String builtAt = JsonParts.text(node, "builtAt");
		return (key == null || contents == null || builtAt == null) ? null : new Environment(key, contents, builtAt);
	}

	private static @Nullable Instant time(JsonNode node, String key) {
		String text = JsonParts.text(node, key);
		try {
			return (text != null) ? Instant.parse(text) : null;
		}
		catch (DateTimeParseException ex) {
			return null;
		}
	}

	private static State state(String name) throws UnreadableRecordException {
		for (State state : State.values()) {
			if (state.name().equals(name)) {
				return state;
			}
		}
		throw new UnreadableRecordException("end.json names no end state");
	}

	private static @Nullable Failure failure(JsonNode node, String state) throws UnreadableRecordException {
		String kind = JsonParts.text(node, "kind");
		if (kind == null) {
			if (state.equals("FAILED")) {
				throw new UnreadableRecordException("end.json says that the run failed, but not why");
			}
			return null;
		}
		return new Failure(kind, JsonParts.text(node, "operation"), JsonParts.text(node, "location"),
				JsonParts.integer(node, "exitCode"));
	}

}
