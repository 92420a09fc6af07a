package dev.reprise.executor.local;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Processes that see a file of an attempt, found without its supervisor and without a
 * control group: each attempt's {@code /etc} lies in a folder that no other has, whose
 * name stands among the mounts of each process, and no job can take it away from there.
 */
final class MarkedProcesses {

	private static final int MAX_BYTES = 1024 * 1024;

	private MarkedProcesses() {
	}

	/**
	 * Those that live; a zombie has no mounts any more.
	 * @param mark the name of the folder; none are found where it is empty
	 */
	static Set<Long> with(String mark) {
		Set<Long> found = new TreeSet<>();
		if (mark.isEmpty()) {
			return found;
		}
		try (Stream<Path> processes = Files.list(Path.of("/proc"))) {
			processes.filter((path) -> path.getFileName().toString().matches("[0-9]+"))
				.filter((path) -> mounts(path).contains(mark))
				.forEach((path) -> found.add(Long.valueOf(path.getFileName().toString())));
		}
		catch (IOException ex) {
			// no /proc, no way to find them
		}
		return found;
	}

	private static String mounts(Path process) {
		try (InputStream in = Files.newInputStream(process.resolve("mountinfo"))) {
			return new String(in.readNBytes(MAX_BYTES), StandardCharsets.ISO_8859_1);
		}
		catch (IOException ex) {
			return "";
		}
	}

}
