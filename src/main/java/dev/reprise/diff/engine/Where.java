package dev.reprise.diff.engine;

import java.util.List;

import dev.reprise.diff.engine.trace.Parting;
import dev.reprise.record.trace.Kind;

import static dev.reprise.diff.engine.Family.CODE;
import static dev.reprise.diff.engine.Family.COMMAND;
import static dev.reprise.diff.engine.Family.DATA;
import static dev.reprise.diff.engine.Family.DEVICE;
import static dev.reprise.diff.engine.Family.DRIFT;
import static dev.reprise.diff.engine.Family.INPUTS;
import static dev.reprise.diff.engine.Family.KNOB;
import static dev.reprise.diff.engine.Family.LIBRARY;
import static dev.reprise.diff.engine.Family.LISTING;
import static dev.reprise.diff.engine.Family.MACHINE;
import static dev.reprise.diff.engine.Family.MODE;
import static dev.reprise.diff.engine.Family.ORDER;
import static dev.reprise.diff.engine.Family.PACKAGE;
import static dev.reprise.diff.engine.Family.PROCESSES;
import static dev.reprise.diff.engine.Family.SEED;
import static dev.reprise.diff.engine.Family.SEEDING;
import static dev.reprise.diff.engine.Family.SOURCE;
import static dev.reprise.diff.engine.Family.THREADS;
import static dev.reprise.diff.engine.Family.UNSEEDED;
import static dev.reprise.diff.engine.Family.VARIABLE;
import static dev.reprise.diff.engine.Family.WARNED;
import static dev.reprise.diff.engine.Family.WEIGHTS;

/**
 * Where in a step two traces part, as far as it matters for causes, and what can make
 * them part there, the most likely first. The table of {@code docs/causes.md} is this
 * one.
 */
enum Where {

	SEEDS("a generator, in the first step", "a draw before the first step that no record tells of",
			List.of(SEEDING, SEED, UNSEEDED, COMMAND, VARIABLE, CODE, INPUTS, DATA, MODE, PROCESSES, LIBRARY, SOURCE)),
	DRAW("a generator, later", "a draw that depends on something that is in no record",
			List.of(SEEDING, CODE, COMMAND, VARIABLE, INPUTS, DATA, PROCESSES, LIBRARY, SOURCE)),
	BATCH("the batch", "data that come from outside: another process, the network, the time, or a race between threads",
			List.of(INPUTS, DATA, CODE, COMMAND, VARIABLE, LISTING, PROCESSES, SOURCE, ORDER)),
	START("an output, in the first step",
			"weights that were drawn or read from what is in no record, or a race in the forward pass",
			List.of(WEIGHTS, COMMAND, VARIABLE, THREADS, DEVICE, CODE, DRIFT, INPUTS, LIBRARY, DATA, MODE, KNOB,
					PACKAGE, MACHINE, WARNED, SOURCE, ORDER)),
	FORWARD("an output, later", "a race in the forward pass, or something that it reads from outside",
			List.of(DRIFT, CODE, COMMAND, VARIABLE, THREADS, DEVICE, LIBRARY, MODE, KNOB, PACKAGE, MACHINE, WARNED,
					SOURCE)),
	FIRST_LOSS("the loss, in the first step", "targets that come from outside, or a race in computing the loss",
			List.of(DRIFT, COMMAND, VARIABLE, THREADS, DEVICE, CODE, INPUTS, DATA, LIBRARY, MODE, KNOB, PACKAGE,
					MACHINE, LISTING, WARNED, SOURCE, ORDER)),
	LOSS("the loss, later", "targets that come from outside, or a race in computing the loss",
			List.of(DRIFT, INPUTS, DATA, CODE, COMMAND, VARIABLE, THREADS, DEVICE, LIBRARY, MODE, KNOB, PACKAGE,
					MACHINE, LISTING, WARNED, SOURCE, ORDER)),
	BACKWARD("an accumulated gradient", "a race in the backward pass: threads that add in whatever order they come",
			List.of(DRIFT, THREADS, DEVICE, CODE, COMMAND, VARIABLE, LIBRARY, MODE, KNOB, PACKAGE, MACHINE, WARNED)),
	TREATMENT("a gradient, accumulated alike",
			"a race in what is done to gradients, or something that it reads from outside",
			List.of(DRIFT, CODE, COMMAND, VARIABLE, LIBRARY, THREADS, DEVICE, MODE, KNOB, PACKAGE, MACHINE, WARNED,
					SOURCE)),
	OPTIMIZER("a parameter or the optimizer's state, gradients alike",
			"a setting of the optimizer that comes from outside, such as the time",
			List.of(DRIFT, CODE, COMMAND, VARIABLE, WEIGHTS, INPUTS, DEVICE, LIBRARY, MODE, KNOB, PACKAGE, MACHINE,
					SOURCE)),
	BUFFER("a buffer, all before it alike", "something that the program writes into a buffer",
			List.of(DRIFT, CODE, COMMAND, VARIABLE, WEIGHTS, INPUTS, THREADS, DEVICE, LIBRARY, MODE, KNOB, PACKAGE,
					MACHINE, WARNED, SOURCE)),
	/** Without a trace, or with traces that do not differ. */
	NOWHERE("nowhere that is known", "something that is in no record: a race, the time, the network",
			List.of(CODE, DATA, WEIGHTS, INPUTS, COMMAND, VARIABLE, SEED, THREADS, DEVICE, LIBRARY, MODE, KNOB, PACKAGE,
					MACHINE, PROCESSES, DRIFT, SEEDING, WARNED));

	private final String words;

	private final String rest;

	@SuppressWarnings("ImmutableEnumChecker") // each is made by List.of
	private final List<Family> families;

	Where(String words, String rest, List<Family> families) {
		this.words = words;
		this.rest = rest;
		this.families = families;
	}

	static Where of(Parting parting) {
		boolean first = parting.first();
		return switch (parting.column().kind()) {
			case GENERATOR -> first ? SEEDS : DRAW;
			case GENERATOR_END -> DRAW;
			case BATCH -> BATCH;
			case OUTPUT -> first ? START : FORWARD;
			case LOSS, LOSS_VALUE -> first ? FIRST_LOSS : LOSS;
			case ACCUMULATED -> BACKWARD;
			case GRADIENT -> parting.equal(Kind.ACCUMULATED) ? TREATMENT : BACKWARD;
			case PARAMETER, OPTIMIZER -> OPTIMIZER;
			case BUFFER -> BUFFER;
		};
	}

	/**
	 * The first that differs, in words.
	 */
	String words() {
		return this.words;
	}

	/**
	 * What is left where nothing of what fits is known to differ.
	 */
	String rest() {
		return this.rest;
	}

	/**
	 * What can make traces part here by itself, the most likely first.
	 */
	List<Family> families() {
		return this.families;
	}

}
