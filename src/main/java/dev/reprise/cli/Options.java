package dev.reprise.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * The options of a command.
 *
 * @param flags options without a value that were given
 * @param values of options that take one and were given
 * @param properties of the service, as {@code --name=value}
 */
record Options(Set<String> flags, Map<String, String> values, List<String> properties) {

	/**
	 * Reads options.
	 * @param args as they were given
	 * @param known flags that the command takes
	 * @throws UsageException naming the one that is wrong
	 */
	static Options read(List<String> args, Set<String> known) throws UsageException {
		return read(args, known, Set.of());
	}

	/**
	 * Reads options.
	 * @param args as they were given
	 * @param known flags that the command takes
	 * @param valued options with a value that the command takes
	 * @throws UsageException naming the one that is wrong
	 */
	static Options read(List<String> args, Set<String> known, Set<String> valued) throws UsageException {
		Set<String> flags = new HashSet<>();
		Map<String, String> values = new HashMap<>();
		List<String> properties = new ArrayList<>();
		for (int i = 0; i < args.size(); i++) {
			String arg = args.get(i);
			if (known.contains(arg)) {
				flags.add(arg);
			}
			else if (arg.equals("--port") || arg.equals("--data") || valued.contains(arg)) {
				if (i + 1 == args.size()) {
					throw new UsageException(arg + " needs a value");
				}
				String value = args.get(++i);
				if (valued.contains(arg)) {
					values.put(arg, value);
					continue;
				}
				properties.add(arg.equals("--port") ? "--server.port=" + port(value)
						: "--reprise.data=" + Path.of(value).toAbsolutePath());
			}
			else if (arg.startsWith("--") && arg.contains("=")) {
				properties.add(arg);
			}
			else {
				throw new UsageException("there is no option " + arg);
			}
		}
		return new Options(Set.copyOf(flags), Map.copyOf(values), List.copyOf(properties));
	}

	/**
	 * The value of an option as a whole number, or null where it was not given.
	 * @param least that is taken
	 * @throws UsageException if it is none, or less
	 */
	@Nullable Integer number(String name, int least) throws UsageException {
		String value = this.values.get(name);
		if (value == null) {
			return null;
		}
		try {
			int number = Integer.parseInt(value);
			if (number >= least) {
				return number;
			}
		}
		catch (NumberFormatException ex) {
			// said below
		}
		throw new UsageException(name + " takes a whole number from " + least + " up, not " + value);
	}

	private static int port(String value) throws UsageException {
		try {
			int port = Integer.parseInt(value);
			if (port >= 0 && port <= 65535) {
				return port;
			}
		}
		catch (NumberFormatException ex) {
			// said below
		}
		throw new UsageException("--port takes a number from 0 to 65535, not " + value);
	}

	/**
	 * A command was given options that it does not take.
	 */
	static final class UsageException extends Exception {

		private UsageException(String message) {
			super(message);
		}

	}

}
