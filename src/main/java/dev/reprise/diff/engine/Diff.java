package dev.reprise.diff.engine;

import java.util.List;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.reprise.diff.reader.TextDifference;
import org.jspecify.annotations.Nullable;

/**
 * The comparison of two runs, written as JSON as the API shows it but for its id and the
 * ids of the runs.
 *
 * @param verdict of results alone
 * @param summary one sentence a person understands
 * @param premises what went in
 * @param results what came out
 * @param coverage what the verdict rests on
 * @param divergence where the traces differ first; null where they do not
 * @param causes what may explain a difference, the most likely first
 * @param unknown why none of the causes explains the difference, in a sentence; null
 * where one does, or where there is no difference
 * @param missing what was missing or not read
 */
public record Diff(Verdict verdict, String summary, List<Premise> premises, List<Result> results, Coverage coverage,
		@Nullable Divergence divergence, List<Cause> causes, @Nullable String unknown, List<String> missing) {

	public Diff {
		premises = List.copyOf(premises);
		results = List.copyOf(results);
		causes = List.copyOf(causes);
		missing = List.copyOf(missing);
	}

	/**
	 * One layer of what went in.
	 *
	 * @param layer which
	 * @param same null where it is not known
	 * @param unknown why it is not known
	 * @param note what is to be known of it beside, or null
	 * @param differences keys whose values differ, at most {@link #MAX_DIFFERENCES}
	 * @param leftOut keys beyond those
	 */
	public record Premise(Layer layer, @Nullable Boolean same,
			@JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String unknown,
			@JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String note, List<KeyDifference> differences,
			int leftOut) {

		public static final int MAX_DIFFERENCES = 1000;

		public Premise {
			differences = List.copyOf(differences);
		}

		Premise noted(@Nullable String words) {
			return new Premise(this.layer, this.same, this.unknown, words, this.differences, this.leftOut);
		}

		Premise with(List<KeyDifference> differences) {
			return new Premise(this.layer, this.same, this.unknown, this.note, differences, this.leftOut);
		}

		boolean differs() {
			return !this.differences.isEmpty();
		}

	}

	/**
	 * A key with two values.
	 *
	 * @param key with dots between its names
	 * @param left null where there is none
	 * @param right null where there is none
	 * @param note what the two values do not say by themselves
	 * @param text the lines that differ, of a file of the code
	 */
	@JsonInclude(JsonInclude.Include.ALWAYS)
	public record KeyDifference(String key, @Nullable Object left, @Nullable Object right,
			@JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String note,
			@JsonInclude(JsonInclude.Include.NON_NULL) @Nullable TextDifference text) {

		KeyDifference(String key, @Nullable Object left, @Nullable Object right) {
			this(key, left, right, null, null);
		}

		KeyDifference noted(@Nullable String note) {
			return new KeyDifference(this.key, this.left, this.right, note, this.text);
		}

	}

	/**
	 * What a verdict rests on.
	 *
	 * @param trace present, off, not-applicable or missing
	 * @param steps of which both traces have a row, of all processes together
	 * @param columns of traces in which something was compared, of all processes together
	 * @param vacuousColumns those that were there and in which nothing was hashed
	 * @param outputs paths that both sides have and that were compared
	 * @param bytes of the larger file of each pair
	 * @param tensors in files that were read as tensors, on both sides
	 * @param ignored paths that were ignored on request, at most {@link #MAX_IGNORED}
	 * @param ignoredLeftOut paths beyond those
	 */
	public record Coverage(String trace, long steps, long columns, long vacuousColumns, long outputs, long bytes,
			long tensors, List<String> ignored, int ignoredLeftOut) {

		public static final int MAX_IGNORED = 1000;

		public Coverage {
			ignored = List.copyOf(ignored);
		}

	}

	/**
	 * Where two traces differ first.
	 *
	 * @param step counted from 0
	 * @param kind of the column; the word steps where one side made no such step
	 * @param tensor its name, empty where it needs none; null where it is no column
	 * @param process in which process, by the left one's name
	 * @param reading what it says, in half a sentence
	 * @param evidence where generators are counted too, if that is another place; it
	 * explains, and is no difference of results
	 */
	public record Divergence(long step, String kind, @Nullable String tensor, String process, String reading,
			@JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Divergence evidence) {
	}

	/**
	 * A difference that may explain others.
	 *
	 * @param layer where it is
	 * @param key which it is
	 * @param confidence likely or possible
	 * @param why in a sentence
	 * @param evidence what is known of it, with its values, and how that goes with where
	 * the traces part
	 */
	public record Cause(Layer layer, String key, String confidence, String why, String evidence) {
	}

}
