package dev.reprise.acceptance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * The runtimes, each with the same programs, in {@code src/test/resources/contract}.
 */
enum ContractRuntime {

	PYTHON, DJL;

	private static final Path SOURCES = Path.of("src/test/resources/contract");

	/**
	 * The runtime of a spec.
	 */
	String spec(String program, String... args) {
		String start = (this == PYTHON) ? "{\"type\": \"python\", \"entrypoint\": \"" + file(program)
				: "{\"type\": \"djl\", \"main\": \"org.example." + type(program);
		return start + "\", \"args\": ["
				+ Arrays.stream(args).map((arg) -> "\"" + arg + "\"").collect(Collectors.joining(", ")) + "]}";
	}

	/**
	 * An archive with a program.
	 */
	byte[] code(String program, Path scratch) throws IOException {
		return (this == PYTHON)
				? JavaProgram.zip(List.of(new JavaProgram.Entry(file(program), Files.readAllBytes(source(program)))))
				: JavaProgram.archive(scratch, source(program));
	}

	/**
	 * Where in a program a line is, as records name it: the one that ends in a comment of
	 * that word.
	 */
	String place(String program, String word) throws IOException {
		List<String> lines = Files.readAllLines(source(program));
		String comment = ((this == PYTHON) ? "# " : "// ") + word;
		for (int i = 0; i < lines.size(); i++) {
			if (lines.get(i).endsWith(comment)) {
				return file(program) + ":" + (i + 1);
			}
		}
		throw new IllegalArgumentException("no line of " + program + " ends in " + comment);
	}

	/**
	 * Whether the recipe reaches a process that a program starts by a command of its own:
	 * on the JVM it does not, and that is said.
	 */
	boolean reachesChildren() {
		return this == PYTHON;
	}

	private Path source(String program) {
		return SOURCES.resolve(name().toLowerCase(Locale.ROOT)).resolve(file(program));
	}

	private String file(String program) {
		return (this == PYTHON) ? program + ".py" : "org/example/" + type(program) + ".java";
	}

	private static String type(String program) {
		return program.substring(0, 1).toUpperCase(Locale.ROOT) + program.substring(1);
	}

}
