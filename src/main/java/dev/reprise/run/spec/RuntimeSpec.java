package dev.reprise.run.spec;

import java.util.List;

/**
 * What is started, in a runtime of type {@code python}.
 */
public sealed interface RuntimeSpec {

	/**
	 * A file of the code, as {@code python FILE ARGS}.
	 *
	 * @param file path below the working folder
	 * @param args its arguments
	 */
	record Entrypoint(String file, List<String> args) implements RuntimeSpec {

		public Entrypoint {
			args = List.copyOf(args);
		}

	}

	/**
	 * A module, as {@code python -m NAME ARGS}.
	 *
	 * @param name dotted name
	 * @param args its arguments
	 */
	record Module(String name, List<String> args) implements RuntimeSpec {

		public Module {
			args = List.copyOf(args);
		}

	}

	/**
	 * Any command; the environment's programs come first on its path.
	 *
	 * @param words the command and its arguments, at least one
	 */
	record Command(List<String> words) implements RuntimeSpec {

		public Command {
			words = List.copyOf(words);
		}

	}

}
