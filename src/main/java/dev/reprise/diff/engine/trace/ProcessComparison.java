package dev.reprise.diff.engine.trace;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

import dev.reprise.record.UnreadableRecordException;
import dev.reprise.record.trace.Column;
import dev.reprise.record.trace.Trace;
import org.jspecify.annotations.Nullable;

/**
 * The traces of two processes, compared.
 *
 * @param name of the left one, of the right one where there is none on the left
 * @param left null where only the right side has it
 * @param right null where only the left side has it
 * @param compared steps of which both have a row
 * @param last the last of them, null where there is none
 * @param columns in which something was compared
 * @param vacuous columns that were there and in which nothing was hashed
 * @param constant columns that never changed, of those that were compared
 * @param telling results that changed from row to row
 * @param parting where results differ first, null where they do not
 * @param evidence where anything differs first, generators too
 * @param differing in how many steps results differ
 * @param healedAt the step from which results are equal again up to the end, null where
 * none is
 * @param curves losses
 * @param length how the numbers of steps differ, of two whole traces; else null
 * @param excepted what could not be compared and is no gap
 * @param gaps what is not as it should be
 */
record ProcessComparison(String name, @Nullable TracedProcess left, @Nullable TracedProcess right, long compared,
		@Nullable Long last, long columns, long vacuous, long constant, long telling, @Nullable Parting parting,
		@Nullable Parting evidence, long differing, @Nullable Long healedAt, List<LossCurve.Thinned> curves,
		@Nullable Length length, List<String> excepted, List<String> gaps) {

	private static final int MAX_NAMED = 5;

	ProcessComparison {
		curves = List.copyOf(curves);
		excepted = List.copyOf(excepted);
		gaps = List.copyOf(gaps);
	}

	/**
	 * Two numbers of steps.
	 *
	 * @param left how many the left one made
	 * @param right how many the right one made
	 */
	record Length(long left, long right) {
	}

	static ProcessComparison of(ProcessPair pair, SideTraces left, SideTraces right, boolean sameTensors) {
		TracedProcess a = pair.left();
		TracedProcess b = pair.right();
		if (a == null || b == null || a.rows() == 0 || b.rows() == 0) {
			return uncompared(pair, List.of());
		}
		try (Trace one = Trace.open(left.place(), a.name()).orElseThrow(ProcessComparison::gone);
				Trace two = Trace.open(right.place(), b.name()).orElseThrow(ProcessComparison::gone)) {
			if (one.rows() != a.rows() || two.rows() != b.rows()) {
				return shrunk(pair);
			}
			ChainSearch.Found found = ChainSearch.first(one, two, true);
			Pass pass = new Pass(one, two, sameTensors);
			pass.run();
			if (shrank(pass.left(), left, a) || shrank(pass.right(), right, b)) {
				return shrunk(pair);
			}
			return of(pair, pass, found);
		}
		catch (UnreadableRecordException ex) {
			return uncompared(pair, List.of("the traces of process " + pair.name() + " were not read"));
		}
		catch (InternalError ex) {
			// What the JDK throws where a mapped file has lost the page that is read.
			return shrunk(pair);
		}
	}

	/**
	 * Whether a file has lost its end while it was mapped: what is left of its last page
	 * then reads as zeros, and differs from anything.
	 */
	private static boolean shrank(Cursor cursor, SideTraces side, TracedProcess process)
			throws UnreadableRecordException {
		if (cursor.problems().isEmpty()) {
			return false;
		}
		try (Trace again = Trace.open(side.place(), process.name()).orElseThrow(ProcessComparison::gone)) {
			return again.rows() != process.rows();
		}
	}

	private static ProcessComparison shrunk(ProcessPair pair) {
		return uncompared(pair,
				List.of("a trace of process " + pair.name() + " shrank or could not be read to its end"));
	}

	private static ProcessComparison uncompared(ProcessPair pair, List<String> gaps) {
		return new ProcessComparison(pair.name(), pair.left(), pair.right(), 0, null, 0, 0, 0, 0, null, null, 0, null,
				List.of(), length(pair), List.of(), gaps);
	}

	private static ProcessComparison of(ProcessPair pair, Pass pass, ChainSearch.Found found) {
		ColumnBook book = pass.book();
		List<String> gaps = new ArrayList<>();
		List<String> excepted = new ArrayList<>();
		String process = "the trace of process " + pair.name();
		pass.left().problems().forEach((problem) -> gaps.add("left: " + process + ": " + problem));
		pass.right().problems().forEach((problem) -> gaps.add("right: " + process + ": " + problem));
		if (gaps.isEmpty() && !fits(pass, found)) {
			gaps.add(process + ": its chains do not part where its rows do");
		}
		if (pass.compared() == 0) {
			gaps.add("process " + pair.name() + " has no step of which both sides have a row");
		}
		else if (book.compared() == 0) {
			gaps.add("process " + pair.name() + " has no column of which both sides have a fingerprint");
		}
		List<Column> unread = book.unreadOnOne();
		if (!unread.isEmpty()) {
			gaps.add("process " + pair.name() + ": " + named(unread) + " could not be fingerprinted on one side");
		}
		List<Column> unreadOnBoth = book.unreadOnBoth();
		if (!unreadOnBoth.isEmpty()) {
			excepted.add("process " + pair.name() + ": " + named(unreadOnBoth) + " could not be fingerprinted");
		}
		pass.reasons().forEach((reason) -> excepted.add("process " + pair.name() + ": " + reason));
		if (pair.left() != null && pair.right() != null && pair.left().every() != pair.right().every()) {
			excepted.add("process " + pair.name() + ": of every " + ordinal(pair.left().every())
					+ " step there is a row on the left, of every " + ordinal(pair.right().every()) + " on the right; "
					+ (pass.onLeftOnly() + pass.onRightOnly()) + " steps have one on one side only");
		}
		return new ProcessComparison(pair.name(), pair.left(), pair.right(), pass.compared(), pass.last(),
				book.compared(), book.vacuous(), book.constant(), book.telling(), pass.parting(), pass.evidence(),
				pass.differing(), pass.healedAt(), pass.curves(), length(pair), excepted, gaps);
	}

	/**
	 * Whether the chains part where the rows do, as far as they can be compared. What
	 * could not be fingerprinted stands in a chain as well and is no difference.
	 */
	private static boolean fits(Pass pass, ChainSearch.Found found) {
		Long row = pass.partedAt();
		boolean within = row != null && row < found.comparable();
		return pass.unread() || Objects.equals(found.row(), within ? row : null);
	}

	/**
	 * That one side made more steps than the other, where both are known for certain.
	 */
	private static @Nullable Length length(ProcessPair pair) {
		Long left = (pair.left() != null) ? pair.left().steps() : (Long) 0L;
		Long right = (pair.right() != null) ? pair.right().steps() : (Long) 0L;
		return (left == null || right == null || Objects.equals(left, right)) ? null : new Length(left, right);
	}

	private static String named(List<Column> columns) {
		List<String> names = new ArrayList<>(columns.stream().limit(MAX_NAMED).map(Reading::of).toList());
		int others = columns.size() - names.size();
		return String.join(", ", names) + ((others > 0) ? " and " + others + " more" : "");
	}

	private static String ordinal(long every) {
		return (every == 1) ? "single" : every + "th";
	}

	private static UnreadableRecordException gone() {
		return new UnreadableRecordException("it is gone");
	}

}
