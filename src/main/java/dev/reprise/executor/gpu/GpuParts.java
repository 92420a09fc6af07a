package dev.reprise.executor.gpu;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads the parts that GPUs are divided into (MIG) from {@link NvidiaSmi#list()}.
 */
final class GpuParts {

	private static final Pattern WHOLE = Pattern.compile("GPU \\d{1,4}: .{1,100} \\(UUID: (" + GpuRow.UUID + ")\\)");

	/**
	 * Drivers before R470 named a part by its GPU's UUID and two numbers.
	 */
	private static final Pattern PART = Pattern
		.compile("\\s+MIG ([0-9a-z.+]{1,40})\\s+Device\\s+\\d{1,3}: \\(UUID: (MIG-(?:[0-9a-f-]{36}|" + GpuRow.UUID
				+ "/\\d{1,3}/\\d{1,3}))\\)");

	private GpuParts() {
	}

	/**
	 * The parts of each GPU, by its UUID.
	 */
	static Map<String, List<Part>> read(List<String> lines) {
		Map<String, List<Part>> parts = new LinkedHashMap<>();
		List<Part> current = new ArrayList<>();
		for (String line : lines) {
			Matcher whole = WHOLE.matcher(line);
			Matcher part = PART.matcher(line);
			if (whole.matches()) {
				current = parts.computeIfAbsent(whole.group(1), (missing) -> new ArrayList<>());
			}
			else if (part.matches()) {
				current.add(new Part(part.group(2), part.group(1)));
			}
		}
		return parts;
	}

	/**
	 * A part.
	 *
	 * @param uuid its own
	 * @param profile its size, as {@code 1g.10gb}
	 */
	record Part(String uuid, String profile) {
	}

}
