package dev.reprise.record.trace;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import com.dynatrace.hash4j.hashing.HashStream128;
import com.dynatrace.hash4j.hashing.HashValue128;
import com.dynatrace.hash4j.hashing.Hashing;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * Writes a trace as a runtime does, for measurements and tests: what is read here was
 * written by another process.
 */
public final class TraceWriter implements AutoCloseable {

	private static final int BUFFER = 1 << 20;

	private final Path folder;

	private final long every;

	private final @Nullable Integer rank;

	private final @Nullable Integer worldSize;

	private final long[] chains = new long[4];

	private int segments;

	private List<Column> columns = List.of();

	private byte[] row = new byte[0];

	private @Nullable OutputStream out;

	/**
	 * Makes the folder.
	 * @param folder the process's {@code trace}
	 * @param every steps between two rows
	 */
	public TraceWriter(Path folder, long every, @Nullable Integer rank, @Nullable Integer worldSize)
			throws IOException {
		this.folder = Files.createDirectories(folder);
		this.every = every;
		this.rank = rank;
		this.worldSize = worldSize;
	}

	/**
	 * Begins a segment.
	 */
	public void begin(List<Column> columns) throws IOException {
		close();
		this.columns = List.copyOf(columns);
		byte[] header = header();
		int length = (header.length + 16 + 63) / 64 * 64 - 16;
		byte[] bytes = new byte[16 + length];
		ByteBuffer before = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
		before.put("RPTRACE1".getBytes(StandardCharsets.US_ASCII))
			.putInt(length)
			.putInt(Segment.width(columns.size()))
			.put(header);
		while (before.hasRemaining()) {
			before.put((byte) ' ');
		}
		this.row = new byte[Segment.width(columns.size())];
		this.out = new BufferedOutputStream(
				Files.newOutputStream(this.folder.resolve(String.format(Locale.ROOT, "%04d", this.segments++))),
				BUFFER);
		this.out.write(bytes);
		for (int chain = 0; chain < 2; chain++) {
			HashStream128 stream = stream(chain);
			for (Column column : columns) {
				if (chain == 1 || column.result()) {
					stream.putBytes(column.chained());
				}
			}
			take(chain, stream.get());
		}
	}

	/**
	 * Writes a row.
	 * @param cells the low and the high 64 bits of each column
	 */
	public void row(long step, long... cells) throws IOException {
		if (this.out == null || cells.length != 2 * this.columns.size()) {
			throw new IllegalStateException("a row has two numbers for each column of a segment that was begun");
		}
		for (int chain = 0; chain < 2; chain++) {
			HashStream128 stream = stream(chain);
			stream.putLong(step);
			for (int i = 0; i < this.columns.size(); i++) {
				if (chain == 1 || this.columns.get(i).result()) {
					stream.putLong(cells[2 * i]).putLong(cells[2 * i + 1]);
				}
			}
			take(chain, stream.get());
		}
		ByteBuffer buffer = ByteBuffer.wrap(this.row).order(ByteOrder.LITTLE_ENDIAN).putLong(step).putLong(0);
		for (long cell : cells) {
			buffer.putLong(cell);
		}
		for (long chain : this.chains) {
			buffer.putLong(chain);
		}
		this.out.write(this.row);
	}

	@Override
	public void close() throws IOException {
		if (this.out != null) {
			this.out.close();
		}
	}

	private HashStream128 stream(int chain) {
		HashStream128 stream = Hashing.xxh3_128().hashStream();
		stream.putLong(this.chains[2 * chain]).putLong(this.chains[2 * chain + 1]);
		return stream;
	}

	private void take(int chain, HashValue128 hash) {
		this.chains[2 * chain] = hash.getLeastSignificantBits();
		this.chains[2 * chain + 1] = hash.getMostSignificantBits();
	}

	private byte[] header() {
		List<Map<String, Object>> listed = new ArrayList<>();
		for (Column column : this.columns) {
			Map<String, Object> one = new LinkedHashMap<>();
			one.put("kind", column.kind());
			one.put("name", column.name());
			one.put("type", column.number() ? "number" : "fingerprint");
			one.put("algorithm", column.number() ? null : column.algorithm());
			one.put("result", column.result());
			listed.add(one);
		}
		Map<String, Object> header = new LinkedHashMap<>();
		header.put("schema", 1);
		header.put("segment", this.segments);
		header.put("every", this.every);
		header.put("rank", this.rank);
		header.put("worldSize", this.worldSize);
		header.put("runtime", "python");
		header.put("columns", listed);
		return JsonMapper.shared().writeValueAsBytes(header);
	}

}
