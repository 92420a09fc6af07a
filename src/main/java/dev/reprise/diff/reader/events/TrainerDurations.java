package dev.reprise.diff.reader.events;

import java.nio.charset.StandardCharsets;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Durations that the Trainer of Hugging Face's transformers logs as scalars, told by what
 * its TensorBoard callback writes first: its arguments as a text. In any other event file
 * a duration is a value like others.
 */
final class TrainerDurations {

	/**
	 * Records in which the arguments may stand.
	 */
	private static final int FIRST = 16;

	private static final byte[] ARGUMENTS = "args/text_summary".getBytes(StandardCharsets.US_ASCII);

	private static final List<String> TRAINING = List.of("train/train_runtime", "train/train_samples_per_second",
			"train/train_steps_per_second", "train/train_tokens_per_second");

	private static final List<String> SPLITS = List.of("eval/", "test/");

	private static final List<String> OF_SPLIT = List.of("runtime", "samples_per_second", "steps_per_second",
			"model_preparation_time", "jit_compilation_time");

	private int records;

	private boolean left;

	private boolean right;

	/**
	 * Looks at the next record of each side.
	 */
	void see(byte @Nullable [] a, byte @Nullable [] b) {
		if (this.records++ < FIRST) {
			this.left |= a != null && hasArguments(a);
			this.right |= b != null && hasArguments(b);
		}
	}

	/**
	 * Whether a tag is one of a duration, in files that both are the Trainer's.
	 */
	boolean include(String tag) {
		return this.left && this.right && isOne(tag);
	}

	/**
	 * Whether the Trainer has durations under this tag. Those of a split may be behind
	 * the name of its data.
	 */
	static boolean isOne(String tag) {
		return TRAINING.contains(tag) || SPLITS.stream()
			.filter(tag::startsWith)
			.map((split) -> tag.substring(split.length()))
			.anyMatch((name) -> OF_SPLIT.stream().anyMatch((one) -> name.equals(one) || name.endsWith("_" + one)));
	}

	private static boolean hasArguments(byte[] record) {
		for (int at = 0; at <= record.length - ARGUMENTS.length; at++) {
			int same = 0;
			while (same < ARGUMENTS.length && record[at + same] == ARGUMENTS[same]) {
				same++;
			}
			if (same == ARGUMENTS.length) {
				return true;
			}
		}
		return false;
	}

}
