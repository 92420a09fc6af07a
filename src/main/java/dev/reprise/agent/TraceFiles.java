package dev.reprise.agent;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * The files of a trace: a header and rows of fixed width each, a new one where columns
 * appear. Each row is one write, so that a process that is killed loses none before it.
 */
final class TraceFiles {

	private static final int MOST_SEGMENTS = 4096;

	private static final int MOST_HEADER = 16 << 20;

	private static final byte[] ABSENT = new byte[16];

	private final Path folder;

	private final int every;

	private final byte[][] chains = { new byte[16], new byte[16] };

	private List<TraceColumn> columns = List.of();

	private @Nullable FileChannel file;

	private int segments;

	private long bytes;

	TraceFiles(Path folder, int every) {
		this.folder = folder;
		this.every = every;
	}

	int segments() {
		return this.segments;
	}

	long bytes() {
		return this.bytes;
	}

	/**
	 * How many bytes a row of these columns has.
	 */
	static int width(List<TraceColumn> order) {
		return 48 + 16 * order.size();
	}

	/**
	 * What the next segment begins with.
	 */
	byte[] header(List<TraceColumn> order) {
		Map<String, @Nullable Object> header = new LinkedHashMap<>();
		header.put("schema", 1);
		header.put("segment", this.segments);
		header.put("every", this.every);
		header.put("rank", null);
		header.put("worldSize", null);
		header.put("runtime", "djl");
		header.put("columns", order.stream().map(TraceColumn::described).toList());
		byte[] json = Json.write(header).getBytes(StandardCharsets.UTF_8);
		int length = json.length + Math.floorMod(-(16 + json.length), 64);
		ByteBuffer out = ByteBuffer.allocate(16 + length).order(ByteOrder.LITTLE_ENDIAN);
		out.put("RPTRACE1".getBytes(StandardCharsets.US_ASCII));
		out.putInt(length).putInt(width(order)).put(json);
		while (out.hasRemaining()) {
			out.put((byte) ' ');
		}
		return out.array();
	}

	/**
	 * Begins the next segment.
	 * @param header of these columns
	 * @throws IOException if it cannot be written
	 */
	void begin(List<TraceColumn> order, byte[] header) throws IOException {
		if (this.segments == MOST_SEGMENTS || header.length > MOST_HEADER) {
			throw new IOException("more than " + MOST_SEGMENTS + " segments, or a header of more than "
					+ (MOST_HEADER >> 20) + " MiB");
		}
		close();
		Files.createDirectories(this.folder);
		this.columns = List.copyOf(order);
		this.file = FileChannel.open(this.folder.resolve(String.valueOf(10_000 + this.segments).substring(1)),
				StandardOpenOption.CREATE_NEW, StandardOpenOption.APPEND);
		this.segments++;
		for (int i = 0; i < 2; i++) {
			ByteBuffer described = ByteBuffer
				.allocate(16 + order.stream().mapToInt((one) -> one.chained().length).sum());
			described.put(this.chains[i]);
			for (TraceColumn column : order) {
				if (i == 1 || column.isResult()) {
					described.put(column.chained());
				}
			}
			this.chains[i] = hash(described.flip());
		}
		write(ByteBuffer.wrap(header));
	}

	/**
	 * Writes the row of a step.
	 * @throws IOException if it cannot be written whole
	 */
	void row(long step, Map<TraceColumn, byte[]> values) throws IOException {
		int width = width(this.columns);
		ByteBuffer row = ByteBuffer.allocate(width).order(ByteOrder.LITTLE_ENDIAN);
		ByteBuffer results = ByteBuffer.allocate(24 + width).order(ByteOrder.LITTLE_ENDIAN);
		ByteBuffer all = ByteBuffer.allocate(24 + width).order(ByteOrder.LITTLE_ENDIAN);
		row.putLong(step).putLong(0);
		results.put(this.chains[0]).putLong(step);
		all.put(this.chains[1]).putLong(step);
		for (TraceColumn column : this.columns) {
			byte[] value = values.getOrDefault(column, ABSENT);
			row.put(value);
			all.put(value);
			if (column.isResult()) {
				results.put(value);
			}
		}
		this.chains[0] = hash(results.flip());
		this.chains[1] = hash(all.flip());
		write(row.put(this.chains[0]).put(this.chains[1]).flip());
	}

	private static byte[] hash(ByteBuffer bytes) {
		return Xxh3.hash128(MemorySegment.ofBuffer(bytes), 0).bytes();
	}

	private void write(ByteBuffer out) throws IOException {
		FileChannel open = this.file;
		if (open == null) {
			throw new IOException("no segment was begun");
		}
		int length = out.remaining();
		int written = open.write(out);
		this.bytes += written;
		if (written != length) {
			throw new IOException(written + " of " + length + " bytes were written");
		}
	}

	/**
	 * Closes the last file.
	 * @throws IOException if that fails
	 */
	void close() throws IOException {
		FileChannel open = this.file;
		this.file = null;
		if (open != null) {
			open.close();
		}
	}

}
