package dev.reprise.agent;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * How the user's code ended: {@code result.json}.
 */
final class Ending {

	private static final int MOST_CHARACTERS = 4096;

	private final RecordFolder record;

	private @Nullable Integer exit;

	private @Nullable Throwable raised;

	private boolean halted;

	Ending(RecordFolder record) {
		this.record = record;
	}

	/**
	 * The program calls {@code System.exit}, or a signal does.
	 */
	synchronized void exits(int code) {
		if (this.exit == null) {
			this.exit = code;
		}
	}

	/**
	 * Nothing caught an exception of the main thread.
	 */
	synchronized void raises(Throwable problem) {
		this.raised = problem;
	}

	/**
	 * Writes the file as the JVM shuts down.
	 * @throws IOException if it cannot be written
	 */
	synchronized void write(Places places) throws IOException {
		if (this.halted) {
			return;
		}
		Throwable problem = this.raised;
		Integer code = this.exit;
		if (code != null && problem == null) {
			write(document("exited", code & 0xFF, null, null, null));
		}
		else if (problem != null) {
			String operation = Operations.refusedIn(problem);
			Places.Place place = places.of(problem);
			for (Throwable cause = problem.getCause(); place == null && cause != null; cause = cause.getCause()) {
				place = places.of(cause);
			}
			write(document("raised", 1, problem, operation, place));
		}
		else {
			write(document("returned", 0, null, null, null));
		}
	}

	/**
	 * The process is about to be ended since the program changed a knob.
	 * @return false where another thread has done so
	 * @throws IOException if the file cannot be written
	 */
	synchronized boolean drifts(Places.@Nullable Place place) throws IOException {
		if (this.halted) {
			return false;
		}
		this.halted = true;
		write(document("drift", Harness.DRIFT, null, null, place));
		return true;
	}

	/**
	 * Ends the process, of which nothing could be said.
	 */
	synchronized void notStarted(String why) {
		this.halted = true;
		System.err.println("reprise: " + why);
		try {
			write(document("not-started", Harness.NOT_STARTED, new IllegalStateException(why), null, null));
		}
		catch (IOException ex) {
			System.err.println("reprise: this process cannot be recorded: " + ex);
		}
		Runtime.getRuntime().halt(Harness.NOT_STARTED);
	}

	private void write(Map<String, @Nullable Object> document) throws IOException {
		this.record.write("result.json", document);
	}

	private static Map<String, @Nullable Object> document(String outcome, int code, @Nullable Throwable problem,
			@Nullable String operation, Places.@Nullable Place place) {
		Map<String, @Nullable Object> document = new LinkedHashMap<>();
		document.put("schema", 1);
		document.put("outcome", outcome);
		document.put("exitCode", code);
		document.put("exception", (problem != null) ? exception(problem) : null);
		document.put("operation", operation);
		document.put("place", (place != null) ? place.place() : null);
		document.put("function", (place != null) ? place.function() : null);
		document.put("ended", System.currentTimeMillis() / 1000.0);
		return document;
	}

	private static Map<String, String> exception(Throwable problem) {
		Throwable cause = (problem instanceof ExceptionInInitializerError) ? problem.getCause() : null;
		Throwable shown = (cause != null) ? cause : problem;
		String message = String.valueOf(shown.getMessage());
		return Map.of("type", ((cause != null) ? "in a static initializer: " : "") + shown.getClass().getName(),
				"message", message.substring(0, Math.min(message.length(), MOST_CHARACTERS)));
	}

}
