package dev.reprise.diff.engine;

/**
 * A sort of thing that may make two runs differ. Those that are not strong differ often
 * where nothing comes of it; they are likely only where nothing else is left.
 */
enum Family {

	CODE(true, "The program is not the same."),
	/** Changed comments and pages for people. */
	IDLE(false, "Only comments, empty lines or a page for people differ."),
	/** Files of the code that are none of the program's. */
	DATA(true, "A file that lies beside the program is not the same."),
	WEIGHTS(true, "A file of weights that lies beside the program is not the same."),
	INPUTS(true, "The program was given other data."),
	COMMAND(true, "The program was started with another command line."),
	VARIABLE(true, "The program was given other environment variables."),
	SEED(true, "Every generator that the job's seed reaches drew other numbers."),
	/** The program's own calls. */
	SEEDING(true, "The program seeds this generator, and not alike on both sides."),
	UNSEEDED(true, "Nobody seeds this generator: it begins with what the system gives it."),
	THREADS(true, "Sums are split among the threads, and floating-point sums depend on the split."),
	DEVICE(true, "Kernels are chosen by the device and its instruction set."),
	LIBRARY(true, "Another version of the library computes in another way."),
	/** Knobs that the program changed. */
	DRIFT(true, "The program changes this knob, and not alike on both sides."),
	MODE(false, "Another recipe selects other implementations."), PACKAGE(false, "The packages are not the same."),
	MACHINE(false, "Kernels and mathematical functions are chosen by the machine."),
	KNOB(false, "The process did not observe the same knobs on both sides."),
	PROCESSES(false, "The program did not start as many processes on both sides."),
	LISTING(false, "A folder lists its files in whatever order it likes, and the program does not sort them."),
	SOURCE(false, "The program reads what no seed decides."),
	WARNED(false, "The library warned that this operation has no deterministic implementation."),
	/** What sets depend on. */
	ORDER(false, "This was fixed on neither side, and the order in which sets give their elements depends on it.");

	private final boolean strong;

	private final String why;

	Family(boolean strong, String why) {
		this.strong = strong;
		this.why = why;
	}

	/**
	 * Whether a difference of this sort is likely to be the cause wherever it fits.
	 */
	boolean strong() {
		return this.strong;
	}

	/**
	 * What is to be known of it, in a sentence.
	 */
	String why() {
		return this.why;
	}

	/**
	 * Whether it is listed only where nothing that differs fits: it is the same on both
	 * sides, and would be named in any diff.
	 */
	boolean onlyIfNothingElse() {
		return this == ORDER || this == SOURCE || this == WARNED;
	}

}
