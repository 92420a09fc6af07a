package dev.reprise.record;

import java.math.BigInteger;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What one process wrote about itself, as far as it could be read.
 *
 * @param name the process's folder in the record: {@code main} or {@code pid-N}
 * @param parent the name of the process that started it, if it said so
 * @param started how it was started: exec, fork or spawn; empty if it did not say
 * @param argv its arguments
 * @param imported those of numpy, numpy.random and torch that it imported
 * @param knobs what was read back, by knob; only knobs that the recipe book has
 * @param seedings the program's own calls that seed a global generator
 * @param drift the program's changes of knobs
 * @param loaderSeed the seed that PyTorch's loader gave it, if it is a loader's worker
 * @param children the processes that it started
 * @param complete whether it wrote its record to the end
 * @param operations operations that refused or warned, each once with its largest count
 * @param result how the user's code ended, if it said so
 * @param damaged names of the parts of {@code observed.json} of which something was lost;
 * empty text where all of it was
 * @param problems what could not be read, as sentences
 */
public record ProcessRecord(String name, @Nullable String parent, String started, List<String> argv,
		List<String> imported, Map<String, Reading> knobs, List<Seeding> seedings, List<Drift> drift,
		@Nullable BigInteger loaderSeed, List<Child> children, boolean complete, List<Operation> operations,
		@Nullable Result result, Set<String> damaged, List<String> problems) {

	/**
	 * The name of a first process.
	 */
	public static final String MAIN = "main";

	/**
	 * Copies what it is given.
	 */
	public ProcessRecord {
		argv = List.copyOf(argv);
		imported = List.copyOf(imported);
		knobs = Collections.unmodifiableMap(new LinkedHashMap<>(knobs));
		seedings = List.copyOf(seedings);
		drift = List.copyOf(drift);
		children = List.copyOf(children);
		operations = List.copyOf(operations);
		damaged = Set.copyOf(damaged);
		problems = List.copyOf(problems);
	}

	/**
	 * Whether {@code observed.json} could be read at all.
	 */
	public boolean observed() {
		return !this.damaged.contains("");
	}

	boolean isMain() {
		return this.name.equals(MAIN);
	}

	/**
	 * Whether a knob could be read.
	 */
	public enum Status {

		READ, NOT_APPLICABLE, NOT_AVAILABLE

	}

	/**
	 * What was read back of one knob.
	 *
	 * @param status whether it could be read
	 * @param start the value before user code could change it; JSON null if it was not
	 * read
	 * @param end the value when the process ended; JSON null if it was not read
	 * @param why why it could not be read
	 */
	public record Reading(Status status, JsonNode start, JsonNode end, @Nullable String why) {
	}

	/**
	 * A call of the program's own that seeds a global generator.
	 *
	 * @param generator python, numpy, torch or torch-cuda
	 * @param call the function that was called
	 * @param value the seed; JSON null where a state was restored or no seed given
	 * @param held whether the job's seed was put in its place
	 * @param place where, as in {@code train.py:12}
	 * @param count how often
	 */
	public record Seeding(String generator, String call, JsonNode value, boolean held, @Nullable String place,
			long count) {
	}

	/**
	 * A change of a knob by the program.
	 *
	 * @param knob the knob
	 * @param from the value before
	 * @param to the value after
	 * @param place where; null if it was found only at the end
	 * @param undone whether it was changed back
	 * @param count how often
	 */
	public record Drift(String knob, JsonNode from, JsonNode to, @Nullable String place, boolean undone, long count) {
	}

	/**
	 * A process that this one started.
	 *
	 * @param argv its arguments
	 * @param kind python, other or fork
	 * @param place where it was started
	 * @param expected whether it should have written a record
	 * @param why why it could not be reached
	 * @param record the name of its record
	 * @param count how many
	 */
	public record Child(List<String> argv, String kind, @Nullable String place, boolean expected, @Nullable String why,
			@Nullable String record, long count) {

		/**
		 * Copies the arguments.
		 */
		public Child {
			argv = List.copyOf(argv);
		}

	}

	/**
	 * An operation that has no deterministic algorithm and was used.
	 *
	 * @param operation its name
	 * @param kind refused or warned
	 * @param place where it was first used
	 * @param function the function that used it
	 * @param count how often, at least
	 */
	public record Operation(String operation, String kind, @Nullable String place, @Nullable String function,
			long count) {
	}

	/**
	 * How the user's code ended, in the harness's words.
	 *
	 * @param outcome returned, raised, exited or drift
	 * @param exitCode the exit code, if there was one
	 * @param exceptionType the type of the exception that ended it
	 * @param message the exception's message
	 * @param operation the operation that refused, if one did
	 * @param place where
	 * @param function in which function
	 * @param ended when, in seconds since 1970, if it said so
	 */
	public record Result(String outcome, @Nullable Integer exitCode, @Nullable String exceptionType,
			@Nullable String message, @Nullable String operation, @Nullable String place, @Nullable String function,
			@Nullable Double ended) {
	}

}
