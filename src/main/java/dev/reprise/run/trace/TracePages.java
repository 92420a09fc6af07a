package dev.reprise.run.trace;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

import dev.reprise.record.BoundedJson;
import dev.reprise.record.RecordFiles;
import dev.reprise.record.UnreadableRecordException;
import dev.reprise.record.trace.Column;
import dev.reprise.record.trace.Row;
import dev.reprise.record.trace.Segment;
import dev.reprise.record.trace.Trace;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/**
 * Reads a page out of the traces that lie in a record folder, one trace at a time.
 */
final class TracePages {

	/**
	 * Most columns of all rows of a page, so that its size is known whatever a program
	 * has for tensors; a row is shown whole, even if it alone has more.
	 */
	static final int MAX_CELLS = 20_000;

	private static final int MAX_WHY = 20;

	private final Path folder;

	private final TraceFilter filter;

	private final List<TraceView.OfProcess> processes = new ArrayList<>();

	private final List<TraceView.OfRow> rows = new ArrayList<>();

	private int cells;

	private TraceFilter.@Nullable Place last;

	private TraceFilter.@Nullable Place next;

	private TracePages(Path folder, TraceFilter filter) {
		this.folder = folder;
		this.filter = filter;
	}

	/**
	 * Reads a page.
	 * @param folder of a run that has ended
	 */
	static TraceView read(Path folder, TraceFilter filter) throws IOException {
		TracePages pages = new TracePages(folder, filter);
		TraceFilter.Place after = filter.after();
		boolean reached = after == null;
		for (String process : RecordFiles.processes(folder)) {
			boolean here = after != null && after.process().equals(process);
			reached |= here;
			pages.process(process, reached, (here && after != null) ? after.row() + 1 : 0);
		}
		TraceFilter.Place next = pages.next;
		return new TraceView(pages.processes, pages.rows, (next != null) ? next.cursor() : null);
	}

	private void process(String process, boolean reached, long from) {
		JsonNode said = said(process);
		try (Trace trace = open(process)) {
			if (trace != null) {
				this.processes.add(shown(process, said, trace));
				if (reached && (this.filter.process() == null || this.filter.process().equals(process))) {
					rows(trace, from);
				}
			}
			else if (said.isObject()) {
				this.processes.add(shown(process, said, List.of()));
			}
		}
		catch (UnreadableRecordException ex) {
			this.processes.add(shown(process, said, List.of(String.valueOf(ex.getMessage()))));
		}
	}

	@SuppressWarnings("MustBeClosedChecker") // by who asked
	private @Nullable Trace open(String process) throws UnreadableRecordException {
		Optional<Trace> trace = Trace.open(this.folder, process);
		return trace.orElse(null);
	}

	/**
	 * What a process says of its own trace.
	 */
	private JsonNode said(String process) {
		try {
			return BoundedJson.read(this.folder.resolve("record").resolve(process).resolve("observed.json"))
				.path("trace");
		}
		catch (UnreadableRecordException ex) {
			return MissingNode.getInstance();
		}
	}

	private void rows(Trace trace, long from) {
		long found = trace.find(this.filter.from());
		long first = Math.max(from, (found >= 0) ? found : -1 - found);
		for (Segment segment : trace.segments()) {
			List<Integer> columns = columns(segment);
			long row = Math.max(first - segment.firstRow(), 0);
			for (; row < segment.rows() && !columns.isEmpty(); row++) {
				if (segment.step(row) > this.filter.to() || this.next != null) {
					return;
				}
				if (this.rows.size() == this.filter.limit()
						|| (!this.rows.isEmpty() && this.cells + columns.size() > MAX_CELLS)) {
					// The last that is shown, which may be of the process before.
					this.next = this.last;
					return;
				}
				this.last = new TraceFilter.Place(trace.process(), segment.firstRow() + row);
				this.rows.add(shown(trace.process(), new Row(segment, row), columns));
				this.cells += columns.size();
			}
		}
	}

	private List<Integer> columns(Segment segment) {
		List<Integer> places = new ArrayList<>();
		for (int i = 0; i < segment.columns().size(); i++) {
			if (this.filter.takes(segment.columns().get(i))) {
				places.add(i);
			}
		}
		return places;
	}

	private static TraceView.OfRow shown(String process, Row row, List<Integer> places) {
		List<TraceView.OfColumn> columns = new ArrayList<>();
		for (int place : places) {
			Column column = row.columns().get(place);
			columns.add(new TraceView.OfColumn(column.kind().word(), column.name(),
					column.number() ? null : column.algorithm(),
					column.number() ? number(row.number(place)) : row.fingerprint(place).toString()));
		}
		return new TraceView.OfRow(process, row.step(), row.chain(true).toString(), row.chain(false).toString(),
				columns);
	}

	private static Object number(OptionalDouble number) {
		if (number.isEmpty()) {
			return "absent";
		}
		double value = number.getAsDouble();
		return Double.isFinite(value) ? (Object) value : Double.toString(value);
	}

	private static TraceView.OfProcess shown(String process, JsonNode said, Trace trace) {
		long rows = trace.rows();
		return new TraceView.OfProcess(process, state(said), why(said), trace.runtime(), trace.rank(),
				trace.worldSize(), trace.every(), rows, (rows > 0) ? (Long) trace.row(0).step() : null,
				(rows > 0) ? (Long) trace.row(rows - 1).step() : null, trace.segments().size(),
				trace.segments().isEmpty() ? 0 : trace.segments().getLast().columns().size(), trace.problems());
	}

	private static TraceView.OfProcess shown(String process, JsonNode said, List<String> problems) {
		return new TraceView.OfProcess(process, state(said), why(said), null, null, null, null, 0, null, null, 0, 0,
				problems);
	}

	private static @Nullable String state(JsonNode said) {
		JsonNode state = said.path("state");
		return state.isString() ? cut(state.stringValue()) : null;
	}

	private static List<String> why(JsonNode said) {
		return said.path("why")
			.valueStream()
			.filter(JsonNode::isString)
			.limit(MAX_WHY)
			.map((why) -> cut(why.stringValue()))
			.toList();
	}

	private static String cut(String text) {
		return (text.length() > 400) ? text.substring(0, 400) + "…" : text;
	}

}
