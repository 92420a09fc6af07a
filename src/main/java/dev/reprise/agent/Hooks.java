package dev.reprise.agent;

import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;

import org.jspecify.annotations.Nullable;

/**
 * What woven classes call. Whatever goes wrong in here is noted and never reaches the
 * program.
 */
public final class Hooks {

	private static volatile @Nullable Harness harness;

	private Hooks() {
	}

	static void to(Harness target) {
		harness = target;
	}

	private static Harness harness() {
		Harness there = harness;
		if (there == null) {
			throw new IllegalStateException("a hook was called before the harness was there");
		}
		return there;
	}

	/**
	 * The engine has loaded its library, and nothing has drawn a number yet.
	 * @param engine a {@code PtEngine}
	 */
	public static void engineReady(Object engine) {
		harness().engineReady(engine);
	}

	/**
	 * The program sets the engine's seed.
	 * @return the seed to set
	 */
	public static int seeding(int seed) {
		return harness().seeding(seed);
	}

	/**
	 * The engine threw.
	 * @param problem an {@code EngineException}
	 */
	public static void engineFailed(Throwable problem) {
		harness().engineFailed(problem);
	}

	/**
	 * Something that may have changed a knob has returned.
	 */
	public static void changed() {
		harness().changed();
	}

	/**
	 * This thread is about to call the library.
	 */
	public static void listen() {
		harness().listen();
	}

	/**
	 * A data set is about to be iterated.
	 * @param executor what would prefetch
	 * @return what shall
	 */
	public static @Nullable ExecutorService loader(@Nullable ExecutorService executor) {
		return harness().loader(executor);
	}

	private static @Nullable Tracer tracer() {
		return harness().tracer();
	}

	/**
	 * A model is about to be given something.
	 * @param trainer a {@code Trainer}
	 * @param data an {@code NDList}
	 */
	public static void forward(Object trainer, Object data) {
		Tracer watching = tracer();
		if (watching != null) {
			watching.forward(trainer, data);
		}
	}

	/**
	 * A block gave something.
	 * @param data an {@code NDList}
	 * @param block a {@code Block}
	 * @param training whether it was called to train
	 */
	public static void gave(Object data, Object block, boolean training) {
		Tracer watching = tracer();
		if (watching != null) {
			watching.gave(block, data, training);
		}
	}

	/**
	 * A model gave something.
	 * @param data an {@code NDList}
	 */
	public static void output(Object data) {
		Tracer watching = tracer();
		if (watching != null) {
			watching.output(data);
		}
	}

	/**
	 * A backward pass begins.
	 * @param loss an {@code NDArray}
	 */
	public static void backward(Object loss) {
		Tracer watching = tracer();
		if (watching != null) {
			watching.backward(loss);
		}
	}

	/**
	 * A backward pass is done.
	 */
	public static void backwardDone() {
		Tracer watching = tracer();
		if (watching != null) {
			watching.backwardDone();
		}
	}

	/**
	 * A step begins.
	 * @param trainer a {@code Trainer}
	 */
	public static void stepping(Object trainer) {
		Tracer watching = tracer();
		if (watching != null) {
			watching.stepping(trainer);
		}
	}

	/**
	 * A step is done.
	 * @param trainer a {@code Trainer}
	 */
	public static void stepped(Object trainer) {
		Tracer watching = tracer();
		if (watching != null) {
			watching.stepped(trainer);
		}
	}

	/**
	 * A trainer is about to be closed.
	 * @param trainer a {@code Trainer}
	 */
	public static void closing(Object trainer) {
		Tracer watching = tracer();
		if (watching != null) {
			watching.closing(trainer);
		}
	}

	/**
	 * The seed of a generator that the program makes without one.
	 * @param place in the program
	 */
	public static long randomSeed(String place) {
		return harness().randoms().next(place);
	}

	/**
	 * The generator of a call that takes none.
	 * @param place in the program
	 */
	public static Random random(String place) {
		return harness().randoms().at(place);
	}

	/**
	 * What {@code Random::new} makes.
	 * @param place of that in the program
	 */
	public static Random newRandom(String place) {
		return new Random(randomSeed(place));
	}

	/**
	 * What {@code SplittableRandom::new} makes.
	 * @param place of that in the program
	 */
	public static SplittableRandom newSplittableRandom(String place) {
		return new SplittableRandom(randomSeed(place));
	}

	/**
	 * What {@code Collections::shuffle} does.
	 * @param place of that in the program
	 */
	public static void shuffle(String place, List<?> list) {
		Collections.shuffle(list, random(place));
	}

	/**
	 * The program draws from a source that has no seed.
	 * @param source its name
	 * @param place in the program
	 */
	public static void saw(String source, String place) {
		harness().saw(source, place);
	}

}
