package dev.reprise.run;

import java.util.List;

import dev.reprise.http.RequestException;

/**
 * Which of a run's two logs are meant.
 */
enum LogStreams {

	STDOUT, STDERR, BOTH;

	List<String> names() {
		return switch (this) {
			case STDOUT -> List.of("stdout");
			case STDERR -> List.of("stderr");
			case BOTH -> List.of("stdout", "stderr");
		};
	}

	/**
	 * One of the two, by its name.
	 * @throws RequestException if it is none
	 */
	static LogStreams of(String name) {
		return switch (name) {
			case "stdout" -> STDOUT;
			case "stderr" -> STDERR;
			default -> throw RequestException.invalid("stream", "is no stream",
					"give stdout or stderr, or leave it out for both");
		};
	}

}
