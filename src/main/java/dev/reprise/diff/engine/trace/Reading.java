package dev.reprise.diff.engine.trace;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

import dev.reprise.diff.reader.bytes.PlainText;
import dev.reprise.record.trace.Column;
import dev.reprise.record.trace.Kind;

/**
 * Says in words what it means that a column is the first to differ, by the table in
 * {@code docs/verdicts.md}. It claims no more than what was compared allows.
 */
final class Reading {

	private static final int MAX_NAME = 200;

	private static final Set<Kind> SAID = EnumSet.of(Kind.BATCH, Kind.OUTPUT, Kind.LOSS, Kind.ACCUMULATED,
			Kind.GRADIENT, Kind.PARAMETER, Kind.OPTIMIZER);

	private Reading() {
	}

	/**
	 * A sentence's second half: {@code step 812, gradient of conv2.weight; batch, module
	 * outputs and loss were equal, so it is the backward pass}.
	 */
	static String of(Parting parting) {
		Kind kind = parting.column().kind();
		List<String> equal = new ArrayList<>();
		for (Kind before : SAID) {
			if (before.compareTo(kind) < 0 && parting.before().contains(before)) {
				equal.add(word(before));
			}
		}
		String first = "step " + parting.step() + ", " + of(parting.column());
		String were = equal.isEmpty() ? "" : "; " + list(equal) + " were equal";
		return first + were + (equal.isEmpty() ? "; " : ", so ") + "it is " + place(parting) + between(parting);
	}

	/**
	 * A column: {@code the gradient of conv2.weight} without the article.
	 */
	static String of(Column column) {
		String name = PlainText.of(column.name(), MAX_NAME);
		boolean all = column.sum();
		return switch (column.kind()) {
			case GENERATOR -> all ? "generator states" : "generator state of " + name;
			case GENERATOR_END ->
				all ? "generator states after the step" : "generator state of " + name + " after the step";
			case BATCH -> (all || name.isEmpty()) ? "batch" : "batch (" + name + ")";
			case OUTPUT -> all ? "module outputs" : name.isEmpty() ? "output of the root module" : "output of " + name;
			case LOSS -> (all || name.isEmpty()) ? "loss" : "loss " + name;
			case LOSS_VALUE -> (all || name.isEmpty()) ? "value of the loss" : "value of the loss " + name;
			case ACCUMULATED -> all ? "gradients as they accumulated" : "gradient of " + name + " as it accumulated";
			case GRADIENT -> all ? "gradients" : "gradient of " + name;
			case PARAMETER -> all ? "parameters" : "parameter " + name;
			case OPTIMIZER -> all ? "optimizer state" : "optimizer state " + name;
			case BUFFER -> all ? "buffers" : "buffer " + name;
		};
	}

	private static String word(Kind kind) {
		return switch (kind) {
			case BATCH -> "batch";
			case OUTPUT -> "module outputs";
			case LOSS -> "loss";
			case ACCUMULATED -> "accumulated gradients";
			case GRADIENT -> "gradients";
			case PARAMETER -> "parameters";
			case OPTIMIZER -> "optimizer state";
			default -> kind.word();
		};
	}

	/**
	 * Where it is, given what came before it in the step.
	 */
	private static String place(Parting parting) {
		boolean forward = parting.before().contains(Kind.OUTPUT) || parting.before().contains(Kind.LOSS);
		return switch (parting.column().kind()) {
			case GENERATOR, GENERATOR_END ->
				"a random number that one side drew and the other did not, or another seed";
			case BATCH -> "the data: their order, how they are loaded, or what is done to them";
			case OUTPUT -> (parting.before().contains(Kind.BATCH) ? "the forward pass, in that module"
					: "the forward pass or what went into it, which was not compared")
					+ (parting.first() ? ", or the weights that it began with" : "");
			case LOSS, LOSS_VALUE -> parting.before().contains(Kind.OUTPUT) ? "how the loss is computed from them"
					: "the forward pass, whose outputs were not compared";
			case ACCUMULATED -> forward ? "the backward pass" : "the backward pass or what came before it";
			case GRADIENT -> parting.before().contains(Kind.ACCUMULATED)
					? "what was done to gradients before the step: clipping, scaling, or all-reduce"
					: forward ? "the backward pass, or what was done to gradients before the step"
							: "the backward pass or what came before it";
			case PARAMETER -> parting.before().contains(Kind.GRADIENT)
					? "the optimizer" + ((parting.first() && !forward) ? ", or the weights that it began with" : "")
					: "the optimizer or the gradients, which were not compared";
			case OPTIMIZER -> parting.before().contains(Kind.GRADIENT) ? "the optimizer's state"
					: "the optimizer's state or the gradients, which were not compared";
			case BUFFER -> "what the program keeps beside its parameters";
		};
	}

	private static String between(Parting parting) {
		return (parting.every() > 1 && !parting.first())
				? ", or began in one of the " + (parting.every() - 1) + " steps before it that have no row" : "";
	}

	private static String list(List<String> words) {
		int last = words.size() - 1;
		return (last == 0) ? words.getFirst() : String.join(", ", words.subList(0, last)) + " and " + words.get(last);
	}

}
