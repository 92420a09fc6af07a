package dev.reprise.agent;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * Writes rows within the budget: at half of it the columns become one a kind, at all of
 * it the trace ends.
 */
final class TraceRows {

	private final long budget;

	private final TraceFiles files;

	private final ColumnOrder columns = new ColumnOrder();

	private Selection selection;

	private boolean summed;

	TraceRows(Path folder, Job.Watch watch) {
		this.budget = watch.budget();
		this.files = new TraceFiles(folder, watch.every());
		this.selection = new Selection(watch.tensors());
	}

	int segments() {
		return this.files.segments();
	}

	/**
	 * Writes the row of a step.
	 * @param row in the order in which the program made what is in it
	 * @return why the trace ends before it, null where it was written
	 * @throws IOException if it cannot be written whole
	 */
	@Nullable String write(long step, Map<TraceColumn, byte[]> row) throws IOException {
		Map<TraceColumn, byte[]> values = this.selection.fold(row);
		byte[] header = header(values);
		if (!this.summed && bytes(header) > this.budget / 2) {
			this.summed = true;
			this.selection = new Selection(List.of());
			this.columns.clear();
			values = this.selection.fold(row);
			header = header(values);
		}
		if (bytes(header) > this.budget) {
			return "its budget of " + this.budget + " bytes ended before step " + step;
		}
		if (this.columns.list().size() > TraceColumn.MOST) {
			return "more than " + TraceColumn.MOST + " columns at step " + step;
		}
		if (header.length > 0) {
			this.files.begin(this.columns.list(), header);
		}
		this.files.row(step, values);
		return null;
	}

	/**
	 * The header that a row needs where it has a column that is new, else nothing.
	 */
	private byte[] header(Map<TraceColumn, byte[]> values) {
		return this.columns.add(values.keySet()) ? this.files.header(this.columns.list()) : new byte[0];
	}

	private long bytes(byte[] header) {
		return this.files.bytes() + header.length + TraceFiles.width(this.columns.list());
	}

}
