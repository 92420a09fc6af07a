package dev.reprise.diff.engine.trace;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import dev.reprise.diff.engine.folder.ObservedProcess;
import dev.reprise.diff.engine.folder.ObservedTrace;
import dev.reprise.diff.engine.folder.ObservedTrace.State;
import dev.reprise.diff.engine.folder.RecordFolder;
import dev.reprise.diff.reader.bytes.PlainText;
import dev.reprise.record.UnreadableRecordException;
import dev.reprise.record.trace.Trace;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

import org.jspecify.annotations.Nullable;

/**
 * The traces of one run, and what is missing of them.
 */
final class SideTraces {

	private static final int MAX_SAID = 10;

	private final String side;

	private final Path place;

	private final JsonNode tensors;

	private final boolean asked;

	private final boolean applicable;

	private final List<TracedProcess> processes = new ArrayList<>();

	private final List<String> gaps = new ArrayList<>();

	private boolean stepless;

	private boolean traced;

	/**
	 * @param side left or right
	 */
	SideTraces(String side, RecordFolder folder) {
		this.side = side;
		this.place = folder.place();
		JsonNode spec = folder.spec();
		JsonNode trace = (spec != null) ? spec.path("trace") : MissingNode.getInstance();
		this.asked = trace.isObject();
		this.tensors = trace.path("tensors");
		this.applicable = !folder.record().processes().isEmpty() || !folder.record().traces().isEmpty();
		for (ObservedProcess process : folder.record().inOrder()) {
			boolean ended = folder.record().endedByItsParent(process);
			if (folder.record().traces().contains(process.name())) {
				there(process.name(), process.argv(), process.trace(), process.complete());
			}
			else if (!ended) {
				notThere(process);
			}
		}
		for (String name : folder.record().traces()) {
			if (folder.record().processes().stream().noneMatch((process) -> process.name().equals(name))) {
				there(name, "", null, true);
			}
		}
	}

	private void there(String name, String argv, @Nullable ObservedTrace word, boolean complete) {
		this.traced = true;
		int before = this.gaps.size();
		word(name, word, complete);
		try (Trace trace = opened(name)) {
			trace.problems().forEach((problem) -> gap("the trace of process " + name + " is incomplete: " + problem));
			Long last = (trace.rows() > 0) ? (Long) trace.row(trace.rows() - 1).step() : null;
			if (word != null && word.state() == State.WHOLE && complete) {
				fits(name, word, trace, last);
			}
			Long steps = (word != null && this.gaps.size() == before) ? word.steps() : null;
			this.processes.add(new TracedProcess(name, argv, trace.rank(), trace.worldSize(), steps, last, trace.rows(),
					trace.every()));
		}
		catch (UnreadableRecordException ex) {
			gap("a trace of process " + name + " is there and was not read: "
					+ PlainText.of(String.valueOf(ex.getMessage())));
		}
	}

	private Trace opened(String name) throws UnreadableRecordException {
		Optional<Trace> trace = Trace.open(this.place, name);
		return trace.orElseThrow(() -> new UnreadableRecordException("it is gone"));
	}

	private void word(String name, @Nullable ObservedTrace word, boolean complete) {
		if (word == null) {
			gap("process " + name + " left a trace and does not say whether it is whole");
		}
		else if (!complete) {
			gap("process " + name + " was ended before it could say that its trace is whole" + because(word));
		}
		else if (word.state() == State.INCOMPLETE) {
			gap("the trace of process " + name + " is incomplete" + because(word));
		}
		else if (word.state() != State.WHOLE) {
			gap("process " + name + " left a trace and says that there is none");
		}
	}

	/**
	 * A file that was cut between two rows looks whole; what the process counted tells.
	 */
	private void fits(String name, ObservedTrace word, Trace trace, @Nullable Long last) {
		Long steps = word.steps();
		long every = trace.every();
		boolean fits = steps != null
				&& ((steps == 0) ? last == null : last != null && last == (steps - 1) / every * every);
		if (!fits) {
			gap("process " + name + " says that it made " + ((steps != null) ? steps : "an unknown number of")
					+ " steps, and the last row of its trace "
					+ ((last != null) ? "is of step " + Long.toUnsignedString(last) : "is missing"));
		}
		else if (word.segments() != null && word.segments() != trace.segments().size()) {
			gap("process " + name + " says that its trace has " + word.segments() + " segments, and "
					+ trace.segments().size() + " are there");
		}
	}

	private void notThere(ObservedProcess process) {
		ObservedTrace word = process.trace();
		State state = (word != null) ? word.state() : null;
		if (state == State.NO_STEPS) {
			this.stepless = true;
			this.processes.add(new TracedProcess(process.name(), process.argv(), null, null,
					process.complete() ? (Long) 0L : null, null, 0, 1));
		}
		else if (state == State.WHOLE || (state == State.INCOMPLETE && word != null)) {
			gap("the trace of process " + process.name() + " is not there" + because(word));
		}
		else if (this.asked) {
			gap((state == State.OFF) ? "no trace was kept of process " + process.name() + ", although one was asked for"
					: "process " + process.name() + " left no trace, although one was asked for");
		}
	}

	private static String because(@Nullable ObservedTrace word) {
		return (word == null || word.why().isEmpty()) ? "" : ": " + String.join("; ", word.why());
	}

	private void gap(String what) {
		if (this.gaps.size() < MAX_SAID) {
			this.gaps.add(this.side + ": " + what);
		}
		else if (this.gaps.size() == MAX_SAID) {
			this.gaps.add(this.side + ": more of its traces is incomplete");
		}
	}

	String side() {
		return this.side;
	}

	Path place() {
		return this.place;
	}

	/** What was asked to be watched; a missing node where nothing was. */
	JsonNode tensors() {
		return this.tensors;
	}

	/** Whether the run's spec asks for a trace. */
	boolean asked() {
		return this.asked;
	}

	/** Whether there is a process that could have had one. */
	boolean applicable() {
		return this.applicable;
	}

	/** Whether a process said that it made no step. */
	boolean stepless() {
		return this.stepless;
	}

	/** Whether a process left a trace, be it one that cannot be read. */
	boolean traced() {
		return this.traced;
	}

	/** Processes with a trace that can be read, or without a step. */
	List<TracedProcess> processes() {
		return this.processes;
	}

	/** What is missing of traces, in sentences. */
	List<String> gaps() {
		return this.gaps;
	}

}
