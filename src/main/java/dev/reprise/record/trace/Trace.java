package dev.reprise.record.trace;

import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

import dev.reprise.record.RecordFolder;
import dev.reprise.record.UnreadableRecordException;
import org.jspecify.annotations.Nullable;

/**
 * The trace of one process, mapped: its rows are read where they lie and take no heap.
 * What of it cannot be read is said in {@link #problems()}; the rows before that can be
 * had. It may be read by several threads, and by none after it is closed. A file that
 * shrinks while it is mapped ends in an {@link InternalError}.
 */
public final class Trace implements AutoCloseable {

	private final String process;

	private final List<Segment> segments;

	private final List<String> problems;

	private final Arena arena;

	Trace(String process, List<Segment> segments, List<String> problems, Arena arena) {
		this.process = process;
		this.segments = List.copyOf(segments);
		this.problems = List.copyOf(problems);
		this.arena = arena;
	}

	/**
	 * Opens the trace of a process, empty where it left none.
	 * @param folder the folder that {@code record/} lies in, which only the service or a
	 * person can have named; its processes are gone
	 * @param process the name of its folder in the record
	 * @throws UnreadableRecordException if the process has no folder, or there is
	 * something that is no trace in its place
	 */
	public static Optional<Trace> open(Path folder, String process) throws UnreadableRecordException {
		try (RecordFolder outer = RecordFolder.open(folder);
				RecordFolder record = outer.folder("record");
				RecordFolder own = record.folder(process)) {
			return own.has("trace") ? Optional.of(new TraceReader(process, own).read()) : Optional.empty();
		}
	}

	/**
	 * The name of the process's folder in the record.
	 */
	public String process() {
		return this.process;
	}

	/**
	 * Its segments, in order.
	 */
	public List<Segment> segments() {
		return this.segments;
	}

	/**
	 * What of it cannot be read, as sentences' second halves that name the file; with one
	 * of them the trace is not whole. That none is there says nothing of what the rows
	 * hold.
	 */
	public List<String> problems() {
		return this.problems;
	}

	/**
	 * How many whole rows there are.
	 */
	public long rows() {
		return this.segments.isEmpty() ? 0 : this.segments.getLast().firstRow() + this.segments.getLast().rows();
	}

	/**
	 * How many steps lie between two rows, from 1.
	 */
	public long every() {
		return this.segments.isEmpty() ? 1 : this.segments.getFirst().header().every();
	}

	/**
	 * The rank of the process among those that train together, null where it trains
	 * alone.
	 */
	public @Nullable Integer rank() {
		return this.segments.isEmpty() ? null : this.segments.getFirst().header().rank();
	}

	/**
	 * How many processes train together, null where it trains alone.
	 */
	public @Nullable Integer worldSize() {
		return this.segments.isEmpty() ? null : this.segments.getFirst().header().worldSize();
	}

	/**
	 * The runtime that wrote it, in its own word; empty where nothing could be read.
	 */
	public String runtime() {
		return this.segments.isEmpty() ? "" : this.segments.getFirst().header().runtime();
	}

	/**
	 * A row by its place.
	 * @param index 0 to {@link #rows()} - 1
	 */
	public Row row(long index) {
		if (index < 0 || index >= rows()) {
			throw new IndexOutOfBoundsException(index);
		}
		Segment segment = this.segments.get(segmentOf(index));
		return new Row(segment, index - segment.firstRow());
	}

	/**
	 * Where the row of a step is: its place, or -1 - p where there is none and p is the
	 * place of the first row with a later step. Steps that do not increase give any place
	 * or none.
	 */
	public long find(long step) {
		long low = 0;
		long high = rows() - 1;
		while (low <= high) {
			long middle = (low + high) >>> 1;
			long found = row(middle).step();
			if (found == step) {
				return middle;
			}
			if (found < step) {
				low = middle + 1;
			}
			else {
				high = middle - 1;
			}
		}
		return -1 - low;
	}

	/**
	 * The place of the last segment that begins at or before a row and is not empty.
	 */
	private int segmentOf(long index) {
		int low = 0;
		int high = this.segments.size() - 1;
		while (low < high) {
			int middle = (low + high + 1) >>> 1;
			if (this.segments.get(middle).firstRow() <= index) {
				low = middle;
			}
			else {
				high = middle - 1;
			}
		}
		return low;
	}

	@Override
	public void close() {
		this.arena.close();
	}

}
