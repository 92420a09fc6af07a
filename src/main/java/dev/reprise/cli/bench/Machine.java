package dev.reprise.cli.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The machine that is measured on.
 */
final class Machine {

	private Machine() {
	}

	static String processor() {
		return Runtime.getRuntime().availableProcessors() + " cores of "
				+ field("/proc/cpuinfo", "model name", "unknown make") + ", Linux " + System.getProperty("os.version")
				+ ", Java " + System.getProperty("java.version");
	}

	/**
	 * The mean number of processes that wanted to run within the last minute.
	 */
	static String load() {
		return String.format(Locale.ROOT, "%.1f", ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
	}

	/**
	 * Processor time that this process has used.
	 */
	static long cpuNanos() {
		return ProcessHandle.current().info().totalCpuDuration().map(Duration::toNanos).orElse(0L);
	}

	/**
	 * The first cores that this process may use, as {@code taskset} takes them.
	 */
	static String cores(int count) {
		List<String> cores = new ArrayList<>();
		for (String range : field("/proc/self/status", "Cpus_allowed_list", "0").split(",", -1)) {
			String[] ends = range.split("-", -1);
			for (int core = Integer.parseInt(ends[0]); core <= Integer.parseInt(ends[ends.length - 1]); core++) {
				if (cores.size() < count) {
					cores.add(String.valueOf(core));
				}
			}
		}
		return String.join(",", cores);
	}

	private static String field(String file, String name, String otherwise) {
		try {
			return Files.readAllLines(Path.of(file))
				.stream()
				.filter((line) -> line.startsWith(name))
				.map((line) -> line.substring(line.indexOf(':') + 1).strip())
				.findFirst()
				.orElse(otherwise);
		}
		catch (IOException ex) {
			return otherwise;
		}
	}

}
