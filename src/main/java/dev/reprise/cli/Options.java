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
 * @param values of options that take one and were given; the last one counts
 * @param repeated of options that may be given several times, in their order
 * @param words what is no option, in its order
 * @param properties of the service, as {@code --name=value}
 */
record Options(Set<String> flags, Map<String, String> values, Map<String, List<String>> repeated, List<String> words,
		List<String> properties) {

	/**
	 * What a command takes.
	 *
	 * @param flags options without a value
	 * @param valued options with a value
	 * @param repeated options with a value that may be given several times
	 * @param words whether it takes words that are no options; after {@code --} all are
	 * @param service whether it starts the service, and takes its properties
	 */
	record Syntax(Set<String> flags, Set<String> valued, Set<String> repeated, boolean words, boolean service) {

		private boolean takesValue(String option) {
			return this.valued.contains(option) || this.repeated.contains(option)
					|| (this.service && (option.equals("--port") || option.equals("--data")));
		}

	}

	/**
	 * Reads options of a command that starts the service.
	 * @param args as they were given
	 * @param known flags that the command takes
	 * @throws UsageException naming the one that is wrong
	 */
	static Options read(List<String> args, Set<String> known) throws UsageException {
		return read(args, known, Set.of());
	}

	/**
	 * Reads options of a command that starts the service.
	 * @param args as they were given
	 * @param known flags that the command takes
	 * @param valued options with a value that the command takes
	 * @throws UsageException naming the one that is wrong
	 */
	static Options read(List<String> args, Set<String> known, Set<String> valued) throws UsageException {
		return read(args, new Syntax(known, valued, Set.of(), false, true));
	}

	/**
	 * Reads options.
	 * @param args as they were given
	 * @throws UsageException naming the one that is wrong
	 */
	static Options read(List<String> args, Syntax syntax) throws UsageException {
		Set<String> flags = new HashSet<>();
		Map<String, String> values = new HashMap<>();
		Map<String, List<String>> repeated = new HashMap<>();
		List<String> words = new ArrayList<>();
		List<String> properties = new ArrayList<>();
		for (int i = 0; i < args.size(); i++) {
			String arg = args.get(i);
			if (syntax.words() && arg.equals("--")) {
				words.addAll(args.subList(i + 1, args.size()));
				break;
			}
			if (syntax.flags().contains(arg)) {
				flags.add(arg);
			}
			else if (syntax.takesValue(arg)) {
				if (i + 1 == args.size()) {
					throw new UsageException(arg + " needs a value");
				}
				String value = args.get(++i);
				if (syntax.repeated().contains(arg)) {
					repeated.computeIfAbsent(arg, (missing) -> new ArrayList<>()).add(value);
				}
				else if (syntax.valued().contains(arg)) {
					values.put(arg, value);
				}
				else {
					properties.add(arg.equals("--port") ? "--server.port=" + port(value)
							: "--reprise.data=" + Path.of(value).toAbsolutePath());
				}
			}
			else if (syntax.service() && arg.startsWith("--") && arg.contains("=")) {
				properties.add(arg);
			}
			else if (syntax.words() && !arg.startsWith("-")) {
				words.add(arg);
			}
			else {
				throw new UsageException("there is no option " + arg);
			}
		}
		return new Options(Set.copyOf(flags), Map.copyOf(values), Map.copyOf(repeated), List.copyOf(words),
				List.copyOf(properties));
	}

	/**
	 * The values of an option that may be given several times.
	 */
	List<String> all(String option) {
		return this.repeated.getOrDefault(option, List.of());
	}

	/**
	 * A whole number.
	 * @param otherwise where it was not given
	 * @throws UsageException if it is none, or out of its range
	 */
	int integer(String option, int otherwise, int least, int most) throws UsageException {
		String text = this.values.get(option);
		if (text == null) {
			return otherwise;
		}
		try {
			int number = Integer.parseInt(text);
			if (number >= least && number <= most) {
				return number;
			}
		}
		catch (NumberFormatException ex) {
			// said below
		}
		throw new UsageException(option + " takes a whole number from " + least + " to " + most + ", not " + text);
	}

	/**
	 * A number that is not negative; 0 where it was not given.
	 * @throws UsageException if it is none
	 */
	double amount(String option) throws UsageException {
		String text = this.values.getOrDefault(option, "0");
		try {
			double number = Double.parseDouble(text);
			if (number >= 0 && Double.isFinite(number)) {
				return number;
			}
		}
		catch (NumberFormatException ex) {
			// said below
		}
		throw new UsageException(option + " takes a number from 0, such as 1e-6, not " + text);
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

		UsageException(String message) {
			super(message);
		}

	}

}
