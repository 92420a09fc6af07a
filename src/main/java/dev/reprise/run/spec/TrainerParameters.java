package dev.reprise.run.spec;

import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

import dev.reprise.http.ObjectReader;
import org.jspecify.annotations.Nullable;

/**
 * What the trainers that ship take.
 *
 * @param trainer the trainer's name
 * @param parameters each of its parameters
 */
public record TrainerParameters(String trainer, List<Parameter> parameters) {

	private static final List<TrainerParameters> ALL = List.of(
			new TrainerParameters("mlp",
					List.of(whole("epochs", 10, 1, 1000, "passes over the data"),
							whole("batchSize", 32, 1, 1024, "samples of a step"),
							decimal("learningRate", 0.01, 1e-6, 1, "of Adam"),
							whole("hidden", 64, 1, 4096, "units of the two hidden layers"),
							decimal("dropout", 0.2, 0, 0.9, "share of units that are left out"))),
			new TrainerParameters("cnn",
					List.of(whole("epochs", 4, 1, 1000, "passes over the data"),
							whole("batchSize", 32, 1, 1024, "samples of a step"),
							decimal("learningRate", 0.05, 1e-6, 1, "of SGD with momentum 0.9"),
							whole("channels", 16, 1, 256, "channels of the first of two convolutions"))),
			new TrainerParameters("char-lm",
					List.of(whole("steps", 400, 1, 1_000_000, "batches that are drawn"),
							whole("batchSize", 64, 1, 1024, "samples of a step"),
							decimal("learningRate", 0.01, 1e-6, 1, "of Adam"),
							whole("context", 5, 1, 64, "characters that the next one is told from"),
							whole("embedding", 16, 1, 512, "numbers that stand for a character"),
							whole("hidden", 128, 1, 4096, "units of the hidden layer"))));

	public TrainerParameters {
		parameters = List.copyOf(parameters);
	}

	/**
	 * The names of all trainers.
	 */
	public static List<String> names() {
		return ALL.stream().map(TrainerParameters::trainer).toList();
	}

	/**
	 * What a trainer takes, null where there is none of that name.
	 */
	public static @Nullable TrainerParameters of(String trainer) {
		return ALL.stream().filter((one) -> one.trainer().equals(trainer)).findFirst().orElse(null);
	}

	/**
	 * Reads the parameters that are given, with defaults for the others.
	 */
	SortedMap<String, Number> read(@Nullable ObjectReader given) {
		SortedMap<String, Number> values = new TreeMap<>();
		for (Parameter parameter : this.parameters) {
			values.put(parameter.name(), parameter.read(given));
		}
		if (given != null) {
			given.refuseUnknown();
		}
		return values;
	}

	private static Parameter whole(String name, long otherwise, long least, long most, String what) {
		return new Parameter(name, true, otherwise, least, most, what);
	}

	private static Parameter decimal(String name, double otherwise, double least, double most, String what) {
		return new Parameter(name, false, otherwise, least, most, what);
	}

	/**
	 * One parameter.
	 *
	 * @param name its name
	 * @param whole whether it is a whole number
	 * @param otherwise its value where none is given
	 * @param least the smallest value
	 * @param most the largest value
	 * @param what it is, for people
	 */
	public record Parameter(String name, boolean whole, double otherwise, double least, double most, String what) {

		private Number read(@Nullable ObjectReader given) {
			if (this.whole) {
				return (given == null) ? (long) this.otherwise
						: given.integer(this.name, (long) this.otherwise, (long) this.least, (long) this.most,
								"give a whole number from " + shown(this.least) + " to " + shown(this.most));
			}
			double value = (given == null) ? this.otherwise : given.amount(this.name, this.otherwise);
			if (given != null && (value < this.least || value > this.most)) {
				given.wrong(this.name, "is out of range",
						"give a number from " + shown(this.least) + " to " + shown(this.most));
			}
			return value;
		}

		/**
		 * A bound or a default as it is shown.
		 */
		public String shown(double value) {
			return this.whole ? String.valueOf((long) value) : String.valueOf(value);
		}

	}

	@Override
	public String toString() {
		return this.trainer + Arrays.toString(this.parameters.stream().map(Parameter::name).toArray());
	}

}
