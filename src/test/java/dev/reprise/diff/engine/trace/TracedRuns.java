package dev.reprise.diff.engine.trace;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import dev.reprise.diff.engine.folder.RecordFolder;
import dev.reprise.record.UnreadableRecordException;
import dev.reprise.record.trace.Column;
import dev.reprise.record.trace.Kind;
import dev.reprise.record.trace.TraceWriter;
import org.jspecify.annotations.Nullable;

/**
 * Record folders that hold a trace and little else.
 */
final class TracedRuns {

	static final String XXH3 = "xxh3-128/1";

	private TracedRuns() {
	}

	/**
	 * A step and a column from which on a trace is another.
	 */
	record Part(long step, int column) {
	}

	/**
	 * Writes a record folder whose main process made so many steps.
	 * @param columns how many, at least 4
	 * @param part where it parts from one without, or null
	 */
	static Path write(Path folder, long steps, int columns, @Nullable Part part) throws IOException {
		Files.createDirectories(folder.resolve("record/main"));
		Files.writeString(folder.resolve("spec.json"),
				"{\"trace\": {\"every\": 1, \"tensors\": \"all\", \"budget\": 1073741824}}");
		Files.writeString(folder.resolve("end.json"),
				"{\"schema\": 1, \"state\": \"SUCCEEDED\", \"endedBy\": \"job\", \"failure\": null}");
		Files.writeString(folder.resolve("record/main/observed.json"), """
				{"schema": 1, "process": "main", "knobs": {"random.seed": {"status": "read", "start": 1, "end": 1}},
				 "seedings": [], "drift": [], "children": [], "complete": true,
				 "trace": {"state": "whole", "steps": %d, "segments": 1, "why": []}}""".formatted(steps));
		List<Column> listed = new ArrayList<>(List.of(new Column(Kind.GENERATOR, "torch", XXH3),
				new Column(Kind.BATCH, "0", XXH3), new Column(Kind.LOSS_VALUE, "", "")));
		for (int i = 3; i < columns; i++) {
			listed.add(new Column(Kind.PARAMETER, "layer." + i + ".weight", XXH3));
		}
		Random random = new Random(42);
		try (TraceWriter writer = new TraceWriter(folder.resolve("record/main/trace"), 1, null, null)) {
			writer.begin(listed);
			long[] cells = new long[2 * columns];
			for (long step = 0; step < steps; step++) {
				for (int i = 0; i < cells.length; i++) {
					cells[i] = random.nextLong();
				}
				cells[4] = Double.doubleToLongBits(1.0 / (step + 1));
				cells[5] = 1;
				if (part != null && step >= part.step()) {
					cells[2 * part.column()] ^= 1;
				}
				writer.row(step, cells);
			}
		}
		return folder;
	}

	static TraceComparison compare(Path left, Path right) throws UnreadableRecordException {
		return TraceComparison.of(RecordFolder.open(left), RecordFolder.open(right));
	}

}
