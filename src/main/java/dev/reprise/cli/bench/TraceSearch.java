package dev.reprise.cli.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;

import dev.reprise.artifact.Folders;
import dev.reprise.diff.engine.folder.RecordFolder;
import dev.reprise.diff.engine.trace.ChainSearch;
import dev.reprise.diff.engine.trace.TraceComparison;
import dev.reprise.record.UnreadableRecordException;
import dev.reprise.record.trace.Column;
import dev.reprise.record.trace.Kind;
import dev.reprise.record.trace.Trace;
import dev.reprise.record.trace.TraceWriter;
import org.jspecify.annotations.Nullable;

/**
 * The first step and column in which two long traces differ: by their chains, and by
 * reading all of both. Beside the bench proper, because of the room that the files take.
 */
public final class TraceSearch {

	private static final double TARGET = 0.001;

	private static final int COLUMNS = 100;

	private static final int ROUNDS = 101;

	private static final String ALGORITHM = "xxh3-128/1";

	private final Path scratch;

	/**
	 * A measurement.
	 * @param scratch an empty folder with room for two traces: 1,648 bytes a step each
	 */
	public TraceSearch(Path scratch) {
		this.scratch = scratch;
	}

	/**
	 * Measures, and removes the folder.
	 * @param steps of each trace, at least 10
	 * @return what people read
	 */
	public String measure(long steps) throws IOException {
		try {
			long parts = steps / 10 * 8 + steps / 100;
			Path left = write(this.scratch.resolve("left"), steps, null);
			Path right = write(this.scratch.resolve("right"), steps, parts);
			return Report.text(measure(left, right, steps, parts));
		}
		catch (UnreadableRecordException ex) {
			throw new IOException(ex);
		}
		finally {
			Folders.remove(this.scratch);
		}
	}

	private static Measurement measure(Path left, Path right, long steps, long parts)
			throws IOException, UnreadableRecordException {
		List<Double> searches = new ArrayList<>();
		List<Double> openings = new ArrayList<>();
		for (int round = 0; round < ROUNDS; round++) {
			long start = System.nanoTime();
			try (Trace one = open(left); Trace two = open(right)) {
				long opened = System.nanoTime();
				Long all = ChainSearch.first(one, two, false).row();
				Long results = ChainSearch.first(one, two, true).row();
				Column column = (results != null) ? ChainSearch.column(one, two, results, true) : null;
				searches.add((System.nanoTime() - opened) / 1e9);
				openings.add((opened - start) / 1e9);
				if (all == null || results == null || all != parts || results != parts || column == null
						|| !column.name().equals("layer.60.weight")) {
					throw new IllegalStateException("not where they part: " + results + " " + column);
				}
			}
		}
		double first = searches.getFirst();
		long start = System.nanoTime();
		TraceComparison whole = TraceComparison.of(RecordFolder.open(left), RecordFolder.open(right));
		double streamed = (System.nanoTime() - start) / 1e9;
		TraceComparison.Located parting = whole.parting();
		if (parting == null || parting.parting().step() != parts) {
			throw new IllegalStateException("the streamed pass finds another step: " + whole.gaps());
		}
		Samples search = new Samples(searches);
		return new Measurement(
				String.format(Locale.ROOT, "Two traces of %,d steps by %d columns that part at step %,d", steps,
						COLUMNS, parts),
				"seconds until step and column are found, files being open", micro(search.median()),
				search.spread(TraceSearch::micro), ROUNDS, "at most " + micro(TARGET), search.median() <= TARGET,
				List.of(new Measurement.Bar("search", search.median(), micro(search.median())),
						new Measurement.Bar("opening", new Samples(openings).median(),
								micro(new Samples(openings).median())),
						new Measurement.Bar("all of both", streamed, Seconds.text(streamed))),
				List.of("over all columns and over results, each opened anew; the first in its process took "
						+ micro(first)));
	}

	private static Trace open(Path folder) throws UnreadableRecordException {
		return Trace.open(folder, "main").orElseThrow(() -> new UnreadableRecordException("there is no trace"));
	}

	private static Path write(Path folder, long steps, @Nullable Long parts) throws IOException {
		Path process = Files.createDirectories(folder.resolve("record/main"));
		Files.writeString(folder.resolve("spec.json"), "{\"trace\": {\"every\": 1, \"tensors\": \"all\"}}");
		Files.writeString(process.resolve("observed.json"), String.format(Locale.ROOT, """
				{"schema": 1, "knobs": {"random.seed": {"status": "read"}}, "seedings": [], "drift": [],
				 "children": [], "complete": true, "trace": {"state": "whole", "steps": %d, "segments": 1}}""", steps));
		List<Column> columns = new ArrayList<>();
		for (int i = 0; i < COLUMNS; i++) {
			columns.add((i == 0) ? new Column(Kind.GENERATOR, "torch", ALGORITHM) : new Column(
					(i < COLUMNS / 2) ? Kind.GRADIENT : Kind.PARAMETER, "layer." + i + ".weight", ALGORITHM));
		}
		Random random = new Random(42);
		try (TraceWriter writer = new TraceWriter(process.resolve("trace"), 1, null, null)) {
			writer.begin(columns);
			long[] cells = new long[2 * COLUMNS];
			for (long step = 0; step < steps; step++) {
				for (int i = 0; i < cells.length; i++) {
					cells[i] = random.nextLong();
				}
				if (parts != null && step >= parts) {
					cells[2 * 60] ^= 1;
				}
				writer.row(step, cells);
			}
		}
		return folder;
	}

	private static String micro(double seconds) {
		return String.format(Locale.ROOT, "%.0f us", seconds * 1e6);
	}

}
