package dev.reprise.agent;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * Operations that have no deterministic implementation, as the library names them when it
 * refuses one or warns of it.
 */
final class Operations {

	private static final Pattern NAMED = Pattern.compile("([\\w.:]+) does not have a deterministic implementation");

	private final RecordFolder record;

	private final Map<Key, Integer> counts = new LinkedHashMap<>();

	Operations(RecordFolder record) {
		this.record = record;
	}

	/**
	 * The operation that a message of the library names, null where it names none.
	 */
	static @Nullable String named(@Nullable String message) {
		Matcher matcher = NAMED.matcher((message != null) ? message : "");
		return matcher.find() ? matcher.group(1) : null;
	}

	/**
	 * The operation that ended in an exception or in one of its causes, null where none
	 * did.
	 */
	static @Nullable String refusedIn(Throwable problem) {
		Throwable cause = problem;
		for (int i = 0; cause != null && i < 32; i++) {
			String operation = named(cause.getMessage());
			if (operation != null) {
				return operation;
			}
			cause = cause.getCause();
		}
		return null;
	}

	/**
	 * An operation was seen.
	 * @param kind refused or warned
	 * @throws IOException if it cannot be written down
	 */
	synchronized void seen(String operation, String kind, Places.@Nullable Place place) throws IOException {
		Key key = new Key(operation, kind, (place != null) ? place.place() : null,
				(place != null) ? place.function() : null);
		if (!this.counts.containsKey(key) && this.counts.size() >= Sources.MOST) {
			return;
		}
		int count = this.counts.merge(key, 1, Integer::sum);
		if (count == 1) {
			this.record.append("operations.jsonl", key.line(1));
		}
	}

	/**
	 * Writes the final counts.
	 * @throws IOException if that fails
	 */
	synchronized void end() throws IOException {
		for (Map.Entry<Key, Integer> entry : this.counts.entrySet()) {
			if (entry.getValue() > 1) {
				this.record.append("operations.jsonl", entry.getKey().line(entry.getValue()));
			}
		}
	}

	private record Key(String operation, String kind, @Nullable String place, @Nullable String function) {

		Map<String, @Nullable Object> line(int count) {
			Map<String, @Nullable Object> line = new LinkedHashMap<>();
			line.put("operation", this.operation);
			line.put("kind", this.kind);
			line.put("count", count);
			line.put("place", this.place);
			line.put("function", this.function);
			return line;
		}

	}

}
