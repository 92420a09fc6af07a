package dev.reprise.run;

import java.util.List;

import dev.reprise.http.RequestException;

/**
 * Which of a run's two logs are meant.
 */
enum LogStreams {

	STDOUT("stdout"), STDERR("stderr"), BOTH("stdout", "stderr");

	private final List<String> names;

	LogStreams(String... names) {
		this.names = List.of(names);
	}

	List<String> names() {
		return this.names;
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
