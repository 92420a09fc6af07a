package dev.reprise.diff.engine.zoom;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.reprise.record.zoom.SeenOperator;
import io.swagger.v3.oas.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Where the operators of one step part.
 *
 * @param kind what is not the same there
 * @param left the left one's operator, null where it has none there
 * @param right the right one's
 * @param equalBefore how many operators before it are equal in every fingerprint
 * @param statement the whole in a sentence
 */
@Schema(name = "ZoomFinding")
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Finding(Kind kind, @Nullable SeenOperator left, @Nullable SeenOperator right, long equalBefore,
		String statement) {

	/**
	 * What is not the same, in the order in which it is looked for.
	 */
	@Schema(name = "ZoomKind")
	public enum Kind {

		/** Another operator: the programs took other ways. */
		OTHER_OPERATOR,

		/** The same operator with other arguments than tensors. */
		ARGUMENTS,

		/**
		 * It got other tensors although no operator before gave any: they come from
		 * outside.
		 */
		INPUT,

		/** It drew random numbers from a generator in another state. */
		GENERATOR,

		/** It got the same and gave something else: the difference begins here. */
		OUTPUT,

		/** One side has operators that the other has not. */
		MORE_OPERATORS,

		/** Nothing differs. */
		NONE

	}

}
