package dev.reprise.diff.reader.values;

import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Keys of durations in the JSON files of programs that are known to write them. In any
 * other file a duration is a value like others.
 */
final class Durations {

	/**
	 * Files that the Trainer of Hugging Face's transformers writes.
	 */
	private static final Set<String> FILES = Set.of("trainer_state.json", "all_results.json", "train_results.json",
			"eval_results.json", "test_results.json", "predict_results.json");

	/**
	 * How its {@code speed_metrics} end a name, behind the name of the split.
	 */
	private static final List<String> ENDINGS = List.of("_runtime", "_samples_per_second", "_steps_per_second",
			"_tokens_per_second", "_model_preparation_time", "_jit_compilation_time");

	private Durations() {
	}

	/**
	 * Whether a key is one of a duration, in a file of that path.
	 */
	static Predicate<String> of(String path) {
		String name = path.substring(path.lastIndexOf('/') + 1);
		return FILES.contains(name) ? Durations::isOne : (key) -> false;
	}

	private static boolean isOne(String key) {
		return ENDINGS.stream().anyMatch((ending) -> key.endsWith(ending) && key.length() > ending.length());
	}

}
