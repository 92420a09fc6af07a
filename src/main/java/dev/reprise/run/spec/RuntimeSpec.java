package dev.reprise.run.spec;

import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What is started: a program in Python, or one on the JVM.
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

	/**
	 * What is started in a runtime of type {@code djl}.
	 */
	sealed interface Jvm extends RuntimeSpec {

	}

	/**
	 * A class of the code's jars, as {@code java -cp JARS NAME ARGS}.
	 *
	 * @param name dotted name of the class
	 * @param args its arguments
	 */
	record Main(String name, List<String> args) implements Jvm {

		public Main {
			args = List.copyOf(args);
		}

	}

	/**
	 * A trainer that ships with the service.
	 *
	 * @param name one of {@link TrainerParameters#names()}
	 * @param parameters every one of its parameters, a whole number or a double each
	 */
	record Trainer(String name, SortedMap<String, Number> parameters) implements Jvm {

		/**
		 * The name of the input that each of them reads, a file.
		 */
		public static final String INPUT = "data";

		public Trainer {
			parameters = Collections.unmodifiableSortedMap(new TreeMap<>(parameters));
		}

	}

}
