package dev.reprise.diff.engine.trace;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

import dev.reprise.diff.reader.bytes.PlainText;
import dev.reprise.record.UnreadableRecordException;
import dev.reprise.record.trace.Column;
import dev.reprise.record.trace.Fingerprint;
import dev.reprise.record.trace.Kind;
import dev.reprise.record.trace.Trace;
import org.jspecify.annotations.Nullable;

/**
 * Compares the ranks of one run with each other: where gradients are averaged among them,
 * gradients, parameters and optimizer state are the same on each after every step. It
 * says nothing of the verdict; where weights are sharded they rightly differ.
 */
public final class Ranks {

	private static final Set<Kind> SHARED = EnumSet.of(Kind.GRADIENT, Kind.PARAMETER, Kind.OPTIMIZER);

	private static final int MAX_FOUND = 20;

	private final SideTraces side;

	private final List<Found> found = new ArrayList<>();

	private Ranks(SideTraces side) {
		this.side = side;
	}

	/**
	 * Something that is not the same on all ranks of a run.
	 *
	 * @param side left or right
	 * @param ranks which it is about
	 * @param step the first in which they disagree, or the first that a rank does not
	 * have; null where that is not known
	 * @param kind of the first column in which they disagree, null where that is not it
	 * @param tensor its name
	 * @param what in a sentence
	 */
	public record Found(String side, List<Integer> ranks, @Nullable Long step, @Nullable String kind,
			@Nullable String tensor, String what) {

		public Found {
			ranks = List.copyOf(ranks);
		}

	}

	static List<Found> of(SideTraces side) {
		List<TracedProcess> ranked = side.processes()
			.stream()
			.filter((process) -> process.rank() != null && process.worldSize() != null && process.worldSize() > 1)
			.sorted(Comparator.comparing(TracedProcess::rank, Comparator.nullsLast(Comparator.naturalOrder())))
			.toList();
		Ranks ranks = new Ranks(side);
		if (!ranked.isEmpty()) {
			ranks.compare(ranked);
		}
		return ranks.found;
	}

	private void compare(List<TracedProcess> ranked) {
		TracedProcess base = ranked.getFirst();
		Integer size = base.worldSize();
		List<TracedProcess> together = ranked.stream()
			.filter((process) -> Objects.equals(process.worldSize(), size))
			.toList();
		if (size != null && together.size() != size) {
			add(new Found(this.side.side(), together.stream().map(Ranks::rank).toList(), null, null, null,
					"of " + size + " ranks " + together.size() + " left a trace"));
		}
		long longest = together.stream().mapToLong(Ranks::last).max().orElse(-1);
		for (TracedProcess process : together) {
			if (last(process) < longest) {
				add(new Found(this.side.side(), List.of(rank(process)), last(process) + 1, null, null,
						"rank " + rank(process) + " left after step " + last(process) + "; others went on until step "
								+ longest));
			}
		}
		for (TracedProcess process : together.subList(1, together.size())) {
			if (this.found.size() < MAX_FOUND) {
				compare(base, process);
			}
		}
	}

	private void compare(TracedProcess base, TracedProcess other) {
		try (Trace one = Trace.open(this.side.place(), base.name()).orElseThrow(Ranks::gone);
				Trace two = Trace.open(this.side.place(), other.name()).orElseThrow(Ranks::gone)) {
			Cursor left = new Cursor(one, false);
			Cursor right = new Cursor(two, false);
			JoinedColumns columns = null;
			int leftSegment = -1;
			int rightSegment = -1;
			boolean both = left.advance() && right.advance();
			while (both) {
				if (left.step() != right.step()) {
					both = (left.step() < right.step()) ? left.advance() : right.advance();
					continue;
				}
				if (columns == null || leftSegment != left.segment().number()
						|| rightSegment != right.segment().number()) {
					columns = new JoinedColumns(left.segment(), right.segment(), new ColumnBook(), false);
					leftSegment = left.segment().number();
					rightSegment = right.segment().number();
				}
				Column column = disagreement(left, right, columns);
				if (column != null) {
					String name = PlainText.of(column.name());
					add(new Found(this.side.side(), List.of(rank(base), rank(other)), left.step(), column.kind().word(),
							name, "ranks " + rank(base) + " and " + rank(other) + " disagree from step " + left.step()
									+ " on, first in the " + Reading.of(column)));
					return;
				}
				both = left.advance() && right.advance();
			}
		}
		catch (UnreadableRecordException ex) {
			add(new Found(this.side.side(), List.of(rank(base), rank(other)), null, null, null,
					"ranks " + rank(base) + " and " + rank(other) + " were not compared"));
		}
	}

	private static @Nullable Column disagreement(Cursor left, Cursor right, JoinedColumns columns) {
		for (int i = 0; i < columns.size(); i++) {
			int a = columns.left(i);
			int b = columns.right(i);
			if (a < 0 || b < 0 || !SHARED.contains(columns.column(i).kind())) {
				continue;
			}
			Fingerprint one = new Fingerprint(left.segment().low(left.row(), a), left.segment().high(left.row(), a));
			Fingerprint two = new Fingerprint(right.segment().low(right.row(), b),
					right.segment().high(right.row(), b));
			if (!one.equals(two) && !one.unread() && !two.unread()) {
				return columns.column(i);
			}
		}
		return null;
	}

	private void add(Found what) {
		if (this.found.size() < MAX_FOUND) {
			this.found.add(what);
		}
	}

	private static long last(TracedProcess process) {
		return (process.last() != null) ? process.last() : -1;
	}

	private static int rank(TracedProcess process) {
		return (process.rank() != null) ? process.rank() : -1;
	}

	private static UnreadableRecordException gone() {
		return new UnreadableRecordException("it is gone");
	}

}
