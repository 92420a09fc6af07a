package dev.reprise.executor.gpu;

import java.util.List;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * One line of {@link NvidiaSmi#query()}, read strictly.
 *
 * @param uuid of the GPU
 * @param name of its model
 * @param bus where it is plugged in, as {@code 00000000:3B:00.0}
 * @param driver version
 * @param memory mebibytes, or null where the driver does not say
 * @param divided whether it is divided into parts (MIG)
 * @param fault what it answered in place of a value, or null
 */
record GpuRow(String uuid, String name, String bus, String driver, @Nullable Long memory, boolean divided,
		@Nullable String fault) {

	private static final int COLUMNS = 7;

	static final Pattern UUID = Pattern.compile("GPU-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

	private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][\\x20-\\x5a\\x5e-\\x7e]{0,99}");

	private static final Pattern BUS = Pattern.compile("[0-9A-Fa-f]{8}:[0-9A-Fa-f]{2}:[0-9A-Fa-f]{2}\\.[0-7]");

	private static final Pattern DRIVER = Pattern.compile("\\d{1,5}(\\.\\d{1,5}){1,3}");

	private static final Pattern NUMBER = Pattern.compile("\\d{1,9}");

	/**
	 * What the driver writes where a GPU has no such value; anything else in brackets is
	 * a fault.
	 */
	private static final List<String> NOT_THERE = List.of("[N/A]", "N/A", "[Not Supported]");

	/**
	 * Reads a line.
	 * @return null where it names no GPU
	 */
	static @Nullable GpuRow read(String line) {
		String[] values = line.split(", ", -1);
		if (values.length != COLUMNS || !UUID.matcher(values[0]).matches()) {
			return null;
		}
		String fault = null;
		Pattern[] shapes = { NAME, BUS, DRIVER };
		for (int i = 0; i < shapes.length; i++) {
			if (!shapes[i].matcher(values[i + 1]).matches()) {
				fault = values[i + 1];
			}
		}
		for (int column : new int[] { 4, 6 }) {
			if (!NUMBER.matcher(values[column]).matches() && !NOT_THERE.contains(values[column])) {
				fault = values[column];
			}
		}
		boolean divided = values[5].equals("Enabled");
		if (!divided && !values[5].equals("Disabled") && !NOT_THERE.contains(values[5])) {
			fault = values[5];
		}
		return new GpuRow(values[0], values[1], values[2], values[3],
				NUMBER.matcher(values[4]).matches() ? Long.valueOf(values[4]) : null, divided, fault);
	}

	static boolean isName(String text) {
		return NAME.matcher(text).matches();
	}

}
