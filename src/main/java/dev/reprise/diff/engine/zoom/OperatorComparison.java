package dev.reprise.diff.engine.zoom;

import java.util.List;
import java.util.Objects;

import dev.reprise.record.UnreadableRecordException;
import dev.reprise.record.zoom.SeenOperator;
import dev.reprise.record.zoom.ZoomFile;
import org.jspecify.annotations.Nullable;

/**
 * Goes through the operators of one step on both sides until something is not the same.
 */
public final class OperatorComparison {

	private OperatorComparison() {
	}

	/**
	 * Finds the first operator that differs.
	 * @throws UnreadableRecordException if what a process recorded cannot be read
	 */
	public static Finding compare(ZoomFile left, ZoomFile right) throws UnreadableRecordException {
		for (long equal = 0;; equal++) {
			SeenOperator one = left.next();
			SeenOperator other = right.next();
			if (one == null && other == null) {
				return none(left, right, equal);
			}
			if (one == null || other == null) {
				return ended(left, right, one, other, equal);
			}
			Finding found = compare(one, other, equal);
			if (found != null) {
				return found;
			}
		}
	}

	private static Finding none(ZoomFile left, ZoomFile right, long equal) {
		boolean whole = left.end().whole() && right.end().whole();
		return new Finding(Finding.Kind.NONE, null, null, equal,
				"All " + equal + " operators that were seen in this step are equal in what they got and gave"
						+ (whole ? ": the difference is made by no operator that torch dispatches."
								: ", but not all were seen: " + why(left) + why(right) + "."));
	}

	private static String why(ZoomFile file) {
		return file.end().whole() ? "" : file.end().why() + " ";
	}

	private static Finding ended(ZoomFile left, ZoomFile right, @Nullable SeenOperator one,
			@Nullable SeenOperator other, long equal) {
		ZoomFile shorter = (one == null) ? left : right;
		SeenOperator next = Objects.requireNonNull((one == null) ? other : one);
		String side = (one == null) ? "right" : "left";
		String words = shorter.end().whole()
				? "Only the " + side + " one goes on after " + equal + " equal operators, with " + described(next) + "."
				: "Equal through " + equal + " operators; what follows was not recorded: " + shorter.end().why() + ".";
		return new Finding(shorter.end().whole() ? Finding.Kind.MORE_OPERATORS : Finding.Kind.NONE, one, other, equal,
				words);
	}

	private static @Nullable Finding compare(SeenOperator left, SeenOperator right, long equal) {
		if (!left.operator().equals(right.operator())) {
			return found(Finding.Kind.OTHER_OPERATOR, left, right, equal,
					"The programs part: left calls " + described(left) + ", right calls " + described(right) + ".");
		}
		if (!Objects.equals(left.arguments(), right.arguments())) {
			return found(Finding.Kind.ARGUMENTS, left, right, equal,
					described(left) + " is called with other arguments than tensors on the two sides.");
		}
		int input = firstOther(left.inputs(), right.inputs());
		if (input >= 0) {
			return found(Finding.Kind.INPUT, left, right, equal, described(left) + " gets another tensor as its "
					+ ordinal(input)
					+ ", which no operator that was seen made: it comes from before, from data that was read or from what other steps left.");
		}
		if (!Objects.equals(left.generator(), right.generator())) {
			return found(Finding.Kind.GENERATOR, left, right, equal, described(left)
					+ " draws random numbers, from a generator that is in another state on the two sides.");
		}
		int output = firstOther(left.outputs(), right.outputs());
		if (output >= 0) {
			String unread = left.inputs().contains(null) ? " (of its inputs not all could be read)" : "";
			return found(Finding.Kind.OUTPUT, left, right, equal, described(left)
					+ " gets the same on both sides and gives something else as its " + ordinal(output) + unread + ".");
		}
		return null;
	}

	private static Finding found(Finding.Kind kind, SeenOperator left, SeenOperator right, long equal, String words) {
		return new Finding(kind, left, right, equal, words);
	}

	/**
	 * The first place at which two lists differ, -1 where they are equal.
	 */
	private static int firstOther(List<@Nullable String> left, List<@Nullable String> right) {
		for (int i = 0; i < Math.max(left.size(), right.size()); i++) {
			if (i >= left.size() || i >= right.size() || !Objects.equals(left.get(i), right.get(i))) {
				return i;
			}
		}
		return -1;
	}

	private static String ordinal(int index) {
		return switch (index) {
			case 0 -> "first";
			case 1 -> "second";
			case 2 -> "third";
			default -> (index + 1) + "th";
		};
	}

	private static String described(SeenOperator operator) {
		StringBuilder words = new StringBuilder(operator.operator());
		if (operator.place() != null) {
			words.append(" at ").append(operator.place());
		}
		if (operator.phase() != null) {
			words.append(", ").append(operator.phase());
		}
		if (operator.module() != null && !operator.module().isEmpty()) {
			words.append(" of ").append(operator.module());
		}
		if (operator.forwardPlace() != null) {
			words.append(" (the gradient of ").append(operator.forwardPlace()).append(')');
		}
		return words.toString();
	}

}
