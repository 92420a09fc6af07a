package dev.reprise.cli;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The options of a command.
 *
 * @param flags options without a value that were given
 * @param properties of the service, as {@code --name=value}
 */
record Options(Set<String> flags, List<String> properties) {

	/**
	 * Reads options.
	 * @param args as they were given
	 * @param known flags that the command takes
	 * @throws UsageException naming the one that is wrong
	 */
	static Options read(List<String> args, Set<String> known) throws UsageException {
		Set<String> flags = new HashSet<>();
		List<String> properties = new ArrayList<>();
		for (int i = 0; i < args.size(); i++) {
			String arg = args.get(i);
			if (known.contains(arg)) {
				flags.add(arg);
			}
			else if (arg.equals("--port") || arg.equals("--data")) {
				if (i + 1 == args.size()) {
					throw new UsageException(arg + " needs a value");
				}
				String value = args.get(++i);
				properties.add(arg.equals("--port") ? "--server.port=" + port(value) : "--reprise.data=" + value);
			}
			else if (arg.startsWith("--") && arg.contains("=")) {
				properties.add(arg);
			}
			else {
				throw new UsageException("there is no option " + arg);
			}
		}
		return new Options(Set.copyOf(flags), List.copyOf(properties));
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
