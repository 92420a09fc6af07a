package dev.reprise.record.zoom;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.file.Path;

import dev.reprise.record.BoundedJson;
import dev.reprise.record.RecordFolder;
import dev.reprise.record.UnreadableRecordException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The operators of one step, read one by one, so that two of them can be compared without
 * holding either. What a job wrote is read with bounds: {@link #MAX_LINES} lines of
 * {@link BoundedJson#MAX_LINE_BYTES}.
 */
public final class ZoomFile implements Closeable {

	/**
	 * The name of the file in the record of a process.
	 */
	public static final String NAME = "zoom.jsonl";

	/**
	 * Most lines that are read.
	 */
	public static final int MAX_LINES = 100_001;

	private final RecordFolder outer;

	private final RecordFolder record;

	private final RecordFolder process;

	private final InputStream in;

	private int lines;

	private @Nullable End end;

	private ZoomFile(RecordFolder outer, RecordFolder record, RecordFolder process, InputStream in) {
		this.outer = outer;
		this.record = record;
		this.process = process;
		this.in = in;
	}

	/**
	 * Opens what a process of a run recorded.
	 * @param folder the record folder of the run
	 * @param process the name of the process in it
	 * @throws UnreadableRecordException if it recorded none, or it cannot be opened
	 */
	@SuppressWarnings("MustBeClosedChecker") // held by what is returned, which closes it
	public static ZoomFile open(Path folder, String process) throws UnreadableRecordException {
		RecordFolder outer = RecordFolder.open(folder);
		RecordFolder record = null;
		RecordFolder own = null;
		try {
			record = outer.folder("record");
			own = record.folder(process);
			return new ZoomFile(outer, record, own,
					new BufferedInputStream(Channels.newInputStream(own.channel(NAME))));
		}
		catch (UnreadableRecordException ex) {
			if (own != null) {
				own.close();
			}
			if (record != null) {
				record.close();
			}
			outer.close();
			throw ex;
		}
	}

	/**
	 * The next operator, null where there is no more; {@link #end()} then says how the
	 * file ended.
	 * @throws UnreadableRecordException if what is there cannot be read
	 */
	public @Nullable SeenOperator next() throws UnreadableRecordException {
		if (this.end != null) {
			return null;
		}
		byte[] line = line();
		if (line == null) {
			this.end = new End(false, "its process was ended before the step was done");
			return null;
		}
		JsonNode node = BoundedJson.parseLine(line, NAME);
		if (node.path("end").asBoolean(false)) {
			this.end = End.of(node);
			return null;
		}
		return SeenOperator.of(node);
	}

	/**
	 * How the file ended; meaningful once {@link #next} gave null.
	 */
	public End end() {
		End found = this.end;
		if (found == null) {
			throw new IllegalStateException("the file has not been read to its end");
		}
		return found;
	}

	private byte @Nullable [] line() throws UnreadableRecordException {
		if (this.lines++ == MAX_LINES) {
			throw new UnreadableRecordException(NAME + " has more than " + MAX_LINES + " lines");
		}
		ByteArrayOutputStream line = new ByteArrayOutputStream(512);
		try {
			for (int read; (read = this.in.read()) >= 0;) {
				if (read == '\n') {
					return line.toByteArray();
				}
				if (line.size() == BoundedJson.MAX_LINE_BYTES) {
					throw new UnreadableRecordException("line " + this.lines + " of " + NAME + " is too long");
				}
				line.write(read);
			}
		}
		catch (IOException ex) {
			throw new UnreadableRecordException(NAME + " cannot be read");
		}
		// What has no end of line was cut short.
		return null;
	}

	@Override
	public void close() throws IOException {
		this.in.close();
		this.process.close();
		this.record.close();
		this.outer.close();
	}

	/**
	 * How the file ended.
	 *
	 * @param whole whether every operator of the step is in it
	 * @param why what is missing, empty where nothing is
	 */
	public record End(boolean whole, String why) {

		private static End of(JsonNode node) {
			boolean whole = node.path("complete").asBoolean(false) && !node.path("cut").asBoolean(true);
			StringBuilder why = new StringBuilder();
			node.path("why").forEach((sentence) -> {
				if (why.length() < 2000) {
					why.append(why.isEmpty() ? "" : "; ").append(sentence.asString(""));
				}
			});
			return new End(whole,
					(why.isEmpty() && !whole) ? "it has more operators than are recorded" : why.toString());
		}

	}

}
