package dev.reprise.diff.engine;

import java.util.List;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import dev.reprise.diff.engine.trace.ProcessResult;
import dev.reprise.diff.engine.trace.Ranks;
import org.jspecify.annotations.Nullable;

/**
 * One layer of what came out.
 */
@JsonPropertyOrder({ "layer", "same" })
public sealed interface Result {

	@JsonProperty
	Layer layer();

	/**
	 * Null where it is not known.
	 */
	@Nullable Boolean same();

	/**
	 * How the runs ended.
	 *
	 * @param same whether they ended alike: the same state, and the same failure but for
	 * its message
	 * @param ended the state in which both ended, null where they did not end alike
	 * @param left the left one's end in words, null where it is not known
	 * @param right the right one's end
	 * @param differences parts of the end that differ
	 */
	record End(@Nullable Boolean same, @Nullable String ended, @Nullable String left, @Nullable String right,
			List<Diff.KeyDifference> differences) implements Result {

		public End {
			differences = List.copyOf(differences);
		}

		@Override
		public Layer layer() {
			return Layer.END;
		}

	}

	/**
	 * The traces.
	 *
	 * @param same whether results are equal in every step; null where nothing was
	 * compared
	 * @param coverage present, off, not-applicable or missing
	 * @param processes what was found of each, at most {@link #MAX_PROCESSES}
	 * @param leftOut processes beyond those
	 * @param evidence where the traces differ first, generators counted too; a generator
	 * that differs alone is no difference of results
	 * @param ranks what is not the same on all ranks of a side; it moves no verdict
	 * @param notes what else is to be known, in sentences
	 */
	record Trace(@Nullable Boolean same, String coverage, List<ProcessResult> processes, int leftOut,
			Diff.@Nullable Divergence evidence, List<Ranks.Found> ranks, List<String> notes) implements Result {

		public static final int MAX_PROCESSES = 64;

		public Trace {
			processes = List.copyOf(processes);
			ranks = List.copyOf(ranks);
			notes = List.copyOf(notes);
		}

		@Override
		public Layer layer() {
			return Layer.TRACE;
		}

	}

	/**
	 * The outputs.
	 *
	 * @param same whether every pair holds the same; null where nothing was compared
	 * @param differences files that differ, at most {@link #MAX_DIFFERENCES}
	 * @param leftOut files that differ beyond those; their bytes were not read
	 * @param excepted what was left and not judged, at most {@link #MAX_DIFFERENCES}
	 * @param exceptedLeftOut what was not judged beyond that
	 */
	record Outputs(@Nullable Boolean same, List<FileDifference> differences, int leftOut, List<Excepted> excepted,
			int exceptedLeftOut) implements Result {

		public static final int MAX_DIFFERENCES = 10_000;

		public Outputs {
			differences = List.copyOf(differences);
			excepted = List.copyOf(excepted);
		}

		@Override
		public Layer layer() {
			return Layer.OUTPUTS;
		}

	}

	/**
	 * Something that a run left and that the verdict does not judge, or of a pair of
	 * files their names.
	 *
	 * @param path where
	 * @param kind OUTSIDE_PATTERNS, REFUSED, PAIRED_NAME, or SET_APART: equal but for
	 * fields of its format that are not judged
	 * @param detail how it compares, why it was refused, the right side's path and the
	 * rule by which it is the same file, or which fields differ
	 */
	@JsonInclude(JsonInclude.Include.NON_NULL)
	record Excepted(String path, String kind, String detail) {

		static final String SET_APART = "SET_APART";

	}

}
