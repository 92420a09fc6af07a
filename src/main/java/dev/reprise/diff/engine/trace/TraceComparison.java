package dev.reprise.diff.engine.trace;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;

import dev.reprise.diff.engine.folder.RecordFolder;
import org.jspecify.annotations.Nullable;

/**
 * The traces of two runs, compared process by process. All of it is the processes' own
 * word: it shows where two runs parted, and proves nothing against one who forges his
 * record.
 */
public final class TraceComparison {

	private final SideTraces left;

	private final SideTraces right;

	private final List<ProcessComparison> processes;

	private final List<String> gaps = new ArrayList<>();

	private final List<Ranks.Found> ranks = new ArrayList<>();

	private final Coverage coverage;

	private TraceComparison(RecordFolder left, RecordFolder right) {
		this.left = new SideTraces("left", left);
		this.right = new SideTraces("right", right);
		this.gaps.addAll(this.left.gaps());
		this.gaps.addAll(this.right.gaps());
		boolean both = (this.left.traced() || this.left.stepless()) && (this.right.traced() || this.right.stepless());
		if (!both && (this.left.traced() || this.right.traced())) {
			this.gaps.add("only the " + (this.left.traced() ? "left" : "right") + " side has a trace");
		}
		boolean sameTensors = Objects.equals(this.left.tensors(), this.right.tensors());
		this.processes = !both ? List.of()
				: ProcessPair.of(this.left.processes(), this.right.processes())
					.stream()
					.map((pair) -> ProcessComparison.of(pair, this.left, this.right, sameTensors))
					.toList();
		this.processes.forEach((process) -> this.gaps.addAll(process.gaps()));
		if (this.left.traced()) {
			this.ranks.addAll(Ranks.of(this.left));
		}
		if (this.right.traced()) {
			this.ranks.addAll(Ranks.of(this.right));
		}
		this.coverage = judged(left, right);
	}

	/**
	 * Compares the traces of two runs, whatever is in them: what cannot be read is named
	 * in {@link #gaps()}.
	 */
	public static TraceComparison of(RecordFolder left, RecordFolder right) {
		return new TraceComparison(left, right);
	}

	/**
	 * What there was to compare.
	 */
	public enum Coverage {

		/** Both sides have traces, all of them whole. */
		PRESENT("present"),
		/** Neither side was to keep one. */
		OFF("off"),
		/** No process made a step, or there was no process that could have. */
		NOT_APPLICABLE("not-applicable"),
		/** Something that should be there is not, or is not as it should be. */
		MISSING("missing");

		private final String word;

		Coverage(String word) {
			this.word = word;
		}

		/**
		 * As it is written in JSON.
		 */
		public String word() {
			return this.word;
		}

	}

	/**
	 * Where a process parts.
	 *
	 * @param process its name, the left one's where the two differ
	 * @param rank its rank, null where it trains alone
	 * @param parting the step
	 */
	public record Located(String process, @Nullable Integer rank, Parting parting) {

		/**
		 * The first column that differs, in words: {@code gradient of conv2.weight}.
		 */
		public String column() {
			return Reading.of(this.parting.column());
		}

		/**
		 * What it says, in words.
		 */
		public String reading() {
			return Reading.of(this.parting);
		}

	}

	/**
	 * Processes that made other numbers of steps.
	 *
	 * @param process its name
	 * @param left steps on the left
	 * @param right steps on the right
	 */
	public record Length(String process, long left, long right) {

		/**
		 * The first step that only one side made.
		 */
		public long step() {
			return Math.min(this.left, this.right);
		}

	}

	private Coverage judged(RecordFolder left, RecordFolder right) {
		boolean lost = lost(this.left, left) || lost(this.right, right);
		if (!this.gaps.isEmpty() || lost) {
			return Coverage.MISSING;
		}
		if (this.left.traced() || this.right.traced()) {
			return Coverage.PRESENT;
		}
		boolean none = none(this.left) && none(this.right);
		return none ? Coverage.NOT_APPLICABLE : Coverage.OFF;
	}

	/**
	 * Whether a record is lost in which there should be a word on the trace.
	 */
	private static boolean lost(SideTraces side, RecordFolder folder) {
		return side.asked() && !side.applicable() && (folder.end() == null || folder.end().startedPython());
	}

	private static boolean none(SideTraces side) {
		return side.stepless() || (side.asked() && !side.applicable());
	}

	public Coverage coverage() {
		return this.coverage;
	}

	/**
	 * Whether results are equal in every step; null where nothing was compared.
	 */
	public @Nullable Boolean same() {
		if (rowsDiffer() || !lengths().isEmpty()) {
			return false;
		}
		return (steps() > 0) ? (Boolean) true : null;
	}

	/**
	 * Whether results differ in a step that both sides have.
	 */
	public boolean rowsDiffer() {
		return parting() != null;
	}

	/**
	 * Where results differ first: the smallest step, of the first process.
	 */
	public @Nullable Located parting() {
		return first(true);
	}

	/**
	 * Where anything differs first, generators too; null where nothing does.
	 */
	public @Nullable Located evidence() {
		return first(false);
	}

	private @Nullable Located first(boolean results) {
		return this.processes.stream().<Located>mapMulti((process, each) -> {
			Parting parting = results ? process.parting() : process.evidence();
			if (parting != null) {
				TracedProcess named = (process.left() != null) ? process.left() : process.right();
				each.accept(new Located(process.name(), (named != null) ? named.rank() : null, parting));
			}
		})
			.min(Comparator.comparingLong((Located located) -> located.parting().step())
				.thenComparing((located) -> !located.process().equals("main"))
				.thenComparingInt((located) -> (located.rank() != null) ? located.rank() : Integer.MAX_VALUE))
			.orElse(null);
	}

	/**
	 * Processes whose whole traces are not of one length, in order of the step.
	 */
	public List<Length> lengths() {
		List<Length> lengths = new ArrayList<>();
		for (ProcessComparison process : this.processes) {
			if (process.length() != null) {
				lengths.add(new Length(process.name(), process.length().left(), process.length().right()));
			}
		}
		lengths.sort(Comparator.comparingLong(Length::step));
		return lengths;
	}

	/**
	 * What is missing, cut short, or not as a process writes it, in sentences; with one
	 * of them nothing is proven equal.
	 */
	public List<String> gaps() {
		return List.copyOf(this.gaps);
	}

	/**
	 * What could not be compared for a reason that is no fault, in sentences; with one of
	 * them not everything is proven equal.
	 */
	public List<String> excepted() {
		return this.processes.stream().flatMap((process) -> process.excepted().stream()).toList();
	}

	/**
	 * Steps that were compared, of all processes together.
	 */
	public long steps() {
		return this.processes.stream().mapToLong(ProcessComparison::compared).sum();
	}

	/**
	 * Columns in which something was compared, of all processes together.
	 */
	public long columns() {
		return this.processes.stream().mapToLong(ProcessComparison::columns).sum();
	}

	/**
	 * Columns that were there and in which nothing was hashed.
	 */
	public long vacuousColumns() {
		return this.processes.stream().mapToLong(ProcessComparison::vacuous).sum();
	}

	/**
	 * Whether a result was compared that changed from step to step: what is constant is
	 * no evidence that anything was computed.
	 */
	public boolean telling() {
		return this.processes.stream().anyMatch((process) -> process.telling() > 0);
	}

	/**
	 * Processes whose traces were compared.
	 */
	public long compared() {
		return this.processes.stream().filter((process) -> process.compared() > 0).count();
	}

	/**
	 * The last step through which all that was compared is equal, null where there is
	 * none or more than one process has a trace.
	 */
	public @Nullable Long equalThrough() {
		if (rowsDiffer() || compared() != 1) {
			return null;
		}
		return this.processes.stream().filter((process) -> process.compared() > 0).toList().getFirst().last();
	}

	/**
	 * What was found of each process.
	 */
	public List<ProcessResult> processes() {
		return this.processes.stream().map(ProcessResult::of).toList();
	}

	/**
	 * What is not the same on all ranks of a side.
	 */
	public List<Ranks.Found> ranks() {
		return List.copyOf(this.ranks);
	}

}
