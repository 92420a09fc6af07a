package dev.reprise.diff.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

import dev.reprise.diff.engine.folder.RunEnd;
import org.jspecify.annotations.Nullable;

/**
 * Compares how two runs ended.
 *
 * @param left the left end, null where it is not known
 * @param right the right end
 */
record Ends(@Nullable RunEnd left, @Nullable RunEnd right) {

	/**
	 * Whether something from outside ended one of the runs, so that what it left may be
	 * half done.
	 */
	boolean cutShort() {
		return (this.left != null && this.left.cutShort()) || (this.right != null && this.right.cutShort());
	}

	boolean known() {
		return this.left != null && this.right != null;
	}

	Result.End result() {
		if (this.left == null || this.right == null) {
			return new Result.End(null, null, words(this.left), words(this.right), List.of());
		}
		List<Diff.KeyDifference> differences = differences(this.left, this.right);
		boolean same = differences.isEmpty();
		return new Result.End(same, same ? this.left.state().name() : null, words(this.left), words(this.right),
				differences);
	}

	private static List<Diff.KeyDifference> differences(RunEnd left, RunEnd right) {
		List<Diff.KeyDifference> differences = new ArrayList<>();
		compare(differences, "state", left.state().name(), right.state().name());
		compare(differences, "endedBy", left.byJob() ? "job" : "service", right.byJob() ? "job" : "service");
		RunEnd.Failure a = left.failure();
		RunEnd.Failure b = right.failure();
		compare(differences, "failure.kind", (a != null) ? a.kind() : null, (b != null) ? b.kind() : null);
		compare(differences, "failure.operation", (a != null) ? a.operation() : null,
				(b != null) ? b.operation() : null);
		compare(differences, "failure.location", (a != null) ? a.location() : null, (b != null) ? b.location() : null);
		compare(differences, "failure.exitCode", (a != null) ? a.exitCode() : null, (b != null) ? b.exitCode() : null);
		return differences;
	}

	private static void compare(List<Diff.KeyDifference> differences, String key, @Nullable Object left,
			@Nullable Object right) {
		if (!Objects.equals(left, right)) {
			differences.add(new Diff.KeyDifference(key, left, right));
		}
	}

	/**
	 * An end in a few words: {@code FAILED (EXIT, exit code 1, at train.py:30)}.
	 */
	private static @Nullable String words(@Nullable RunEnd end) {
		if (end == null) {
			return null;
		}
		RunEnd.Failure failure = end.failure();
		if (failure == null) {
			return end.state().name();
		}
		List<String> words = new ArrayList<>(List.of(failure.kind()));
		if (failure.operation() != null) {
			words.add(failure.operation());
		}
		if (failure.exitCode() != null) {
			words.add("exit code " + failure.exitCode());
		}
		if (failure.location() != null) {
			words.add("at " + failure.location());
		}
		return end.state().name() + " (" + String.join(", ", words) + ")";
	}

}
