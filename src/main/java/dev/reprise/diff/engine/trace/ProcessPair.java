package dev.reprise.diff.engine.trace;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.BiPredicate;

import org.jspecify.annotations.Nullable;

/**
 * Two processes that are compared with each other, or one that has no partner.
 *
 * @param left null where only the right side has it
 * @param right null where only the left side has it
 */
record ProcessPair(@Nullable TracedProcess left, @Nullable TracedProcess right) {

	/**
	 * Pairs the processes of two runs: main with main, each rank with its own, then by
	 * command lines, then what is left in order. Two that made no step are not listed.
	 */
	static List<ProcessPair> of(List<TracedProcess> left, List<TracedProcess> right) {
		List<TracedProcess> onLeft = new ArrayList<>(left);
		List<TracedProcess> onRight = new ArrayList<>(right);
		List<ProcessPair> pairs = new ArrayList<>();
		take(pairs, onLeft, onRight, (a, b) -> a.main() && b.main());
		take(pairs, onLeft, onRight, (a, b) -> a.rank() != null && Objects.equals(a.rank(), b.rank())
				&& Objects.equals(a.worldSize(), b.worldSize()));
		// Ranks of worlds of two sizes have nothing to do with each other.
		take(pairs, onLeft, onRight, (a, b) -> a.rank() == null && b.rank() == null && a.rows() > 0 && b.rows() > 0
				&& a.argv().equals(b.argv()));
		take(pairs, onLeft, onRight, (a, b) -> a.rank() == null && b.rank() == null && a.rows() > 0 && b.rows() > 0);
		onLeft.forEach((process) -> pairs.add(new ProcessPair(process, null)));
		onRight.forEach((process) -> pairs.add(new ProcessPair(null, process)));
		return pairs.stream().filter(ProcessPair::any).toList();
	}

	private static void take(List<ProcessPair> pairs, List<TracedProcess> left, List<TracedProcess> right,
			BiPredicate<TracedProcess, TracedProcess> fit) {
		for (TracedProcess a : List.copyOf(left)) {
			for (TracedProcess b : right) {
				if (fit.test(a, b)) {
					pairs.add(new ProcessPair(a, b));
					left.remove(a);
					right.remove(b);
					break;
				}
			}
		}
	}

	private boolean any() {
		return (this.left != null && this.left.rows() > 0) || (this.right != null && this.right.rows() > 0);
	}

	/**
	 * Its name: the left one's, where there is one.
	 */
	String name() {
		TracedProcess named = (this.left != null) ? this.left : this.right;
		return (named != null) ? named.name() : "";
	}

	/**
	 * The rank of both, null where they train alone.
	 */
	@Nullable Integer rank() {
		TracedProcess named = (this.left != null) ? this.left : this.right;
		return (named != null) ? named.rank() : null;
	}

}
