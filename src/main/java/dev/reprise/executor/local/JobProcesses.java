package dev.reprise.executor.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Looks at the processes of one job through {@code /proc}.
 *
 * @param supervisor its outer process
 * @param group the job's control group, which may have no folders
 */
record JobProcesses(ProcessHandle supervisor, ControlGroup group) {

	private static final Pattern PYTHON = Pattern.compile("python[0-9.]*(-[a-z0-9]+)?( \\(deleted\\))?");

	/**
	 * Programs that start the program named after them.
	 */
	private static final Set<String> WRAPPERS = Set.of("env", "nice", "timeout", "nohup", "time", "setarch", "taskset",
			"numactl", "stdbuf", "setsid", "ionice", "chrt", "xargs");

	Collection<Long> all() {
		if (!this.group.folders().isEmpty()) {
			return this.group.processes();
		}
		try (Stream<ProcessHandle> descendants = this.supervisor.descendants()) {
			return descendants.map(ProcessHandle::pid).toList();
		}
	}

	/**
	 * Bytes that they hold in memory. What several of them share is counted once if a sum
	 * that counts it for each is above the limit.
	 */
	long memory(long limit) {
		Collection<Long> all = all();
		long each = all.stream().mapToLong((pid) -> kibibytes(pid, "status", "VmRSS:")).sum() * 1024;
		return (each <= limit) ? each
				: all.stream().mapToLong((pid) -> kibibytes(pid, "smaps_rollup", "Pss:")).sum() * 1024;
	}

	boolean anyPython() {
		return all().stream().anyMatch((pid) -> {
			try {
				return isPython(Files.readSymbolicLink(Path.of("/proc/" + pid + "/exe")));
			}
			catch (IOException ex) {
				return false;
			}
		});
	}

	/**
	 * Whether the job asks for Python by name, itself or through a program that starts
	 * another.
	 */
	static boolean asksForPython(List<String> command) {
		if (isPython(Path.of(command.getFirst()))) {
			return true;
		}
		return WRAPPERS.contains(String.valueOf(Path.of(command.getFirst()).getFileName())) && command.stream()
			.skip(1)
			.anyMatch((word) -> PYTHON.matcher(word.substring(word.lastIndexOf('/') + 1)).matches());
	}

	static boolean isPython(Path program) {
		return PYTHON.matcher(String.valueOf(program.getFileName())).matches();
	}

	private static long kibibytes(long pid, String file, String key) {
		try {
			for (String line : Files.readAllLines(Path.of("/proc/" + pid + "/" + file))) {
				if (line.startsWith(key)) {
					return Long.parseLong(line.substring(key.length()).replace("kB", "").strip());
				}
			}
		}
		catch (IOException | NumberFormatException ex) {
			// it ended
		}
		return 0;
	}

}
