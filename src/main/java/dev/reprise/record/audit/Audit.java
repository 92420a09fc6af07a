package dev.reprise.record.audit;

import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The operators of one process's first step, as far as they could be read.
 *
 * @param process whose they are
 * @param torch its version, null where it cannot be read
 * @param operators in the order in which they were first used
 * @param functions of torch that can come to other operators on another device
 * @param incomplete what was not seen or could not be read, as sentences; empty where
 * nothing was
 */
public record Audit(String process, @Nullable String torch, List<Operator> operators, List<Called> functions,
		List<String> incomplete) {

	/**
	 * Copies what it is given.
	 */
	public Audit {
		operators = List.copyOf(operators);
		functions = List.copyOf(functions);
		incomplete = List.copyOf(incomplete);
	}

	/**
	 * An operator in one part of the step.
	 *
	 * @param name with its namespace and overload, {@code aten.mm.default}
	 * @param phase {@code forward}, {@code backward}, {@code step} or {@code other}
	 * @param count how often it ran
	 * @param place of its first use in the program
	 * @param dtypes of its tensors, {@code float32}
	 * @param arguments values of those that decide how it runs; null stands for none
	 * given
	 */
	public record Operator(String name, String phase, long count, @Nullable String place, List<String> dtypes,
			Map<String, List<JsonNode>> arguments) {

		public Operator {
			dtypes = List.copyOf(dtypes);
			arguments = Map.copyOf(arguments);
		}

	}

	/**
	 * A function of torch in one part of the step.
	 *
	 * @param name as a program calls it
	 * @param phase as of an operator
	 * @param count how often it was called
	 * @param place of its first call in the program
	 */
	public record Called(String name, String phase, long count, @Nullable String place) {
	}

}
