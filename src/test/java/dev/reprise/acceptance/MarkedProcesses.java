package dev.reprise.acceptance;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Processes of jobs, wherever they are: each has a marker in its environment.
 */
final class MarkedProcesses {

	private MarkedProcesses() {
	}

	/**
	 * Their folders below {@code /proc}.
	 */
	static List<Path> with(String marker) throws IOException {
		List<Path> found = new ArrayList<>();
		try (DirectoryStream<Path> processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
			for (Path process : processes) {
				if (environment(process).contains(marker)) {
					found.add(process);
				}
			}
		}
		return found;
	}

	private static String environment(Path process) {
		try {
			return Files.readString(process.resolve("environ"), StandardCharsets.ISO_8859_1);
		}
		catch (IOException ex) {
			// It has ended meanwhile, or is of a user whose processes are none of ours.
			return "";
		}
	}

}
