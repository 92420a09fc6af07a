package dev.reprise.diff.reader.tensor;

import java.util.List;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * In what a tensor of one file differs from that of the same name in another.
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public sealed interface TensorDifference {

	/**
	 * The tensor's name, fit to be shown.
	 */
	String name();

	/**
	 * Whether the tolerance that was asked for covers it.
	 */
	boolean within();

	/**
	 * Elements that differ.
	 *
	 * @param name the tensor
	 * @param dtype type of its elements
	 * @param shape its dimensions
	 * @param different elements whose bits differ
	 * @param of elements in all
	 * @param maxAbs largest distance of two finite numbers; null where there are none
	 * that differ
	 * @param maxRel largest distance divided by the right one's magnitude, where that is
	 * not 0
	 * @param maxUlp most numbers of the type that lie between two finite ones
	 * @param firstIndex of the first that differs, in the order of the left file
	 * @param bitsOnly of those that differ: equal as numbers (0.0 and -0.0, or two that
	 * are not a number)
	 * @param nan of those that differ: one side or both not a number
	 * @param infinite of those that differ: one side or both infinite, neither not a
	 * number
	 * @param outside of those that differ: not covered by the tolerance
	 * @param within whether none is outside and a tolerance was asked for
	 */
	record Values(String name, String dtype, List<Long> shape, long different, long of, @Nullable Double maxAbs,
			@Nullable Double maxRel, @Nullable Long maxUlp, List<Long> firstIndex, long bitsOnly, long nan,
			long infinite, long outside, boolean within) implements TensorDifference {

		public Values {
			shape = List.copyOf(shape);
			firstIndex = List.copyOf(firstIndex);
		}

	}

	/**
	 * Another type or another shape: never within a tolerance, and no element is
	 * compared.
	 *
	 * @param name the tensor
	 * @param left the left one's form
	 * @param right the right one's form
	 */
	record Forms(String name, Form left, Form right) implements TensorDifference {

		@Override
		public boolean within() {
			return false;
		}

	}

	/**
	 * A name that only one side has.
	 *
	 * @param name the tensor
	 * @param only {@code left} or {@code right}
	 * @param form its form there
	 */
	record OneSide(String name, String only, Form form) implements TensorDifference {

		@Override
		public boolean within() {
			return false;
		}

	}

	/**
	 * Type and shape.
	 *
	 * @param dtype type of the elements
	 * @param shape dimensions
	 */
	record Form(String dtype, List<Long> shape) {

		public Form {
			shape = List.copyOf(shape);
		}

		static Form of(Tensor tensor) {
			return new Form(tensor.dtype().name(), tensor.shape());
		}

	}

}
