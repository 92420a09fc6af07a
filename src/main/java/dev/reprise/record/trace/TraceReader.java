package dev.reprise.record.trace;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;

import dev.reprise.record.RecordFolder;
import dev.reprise.record.UnreadableRecordException;

/**
 * Opens the files of one process's trace. It takes them one after another up to the first
 * that cannot be read; none of the lengths in them is believed.
 */
final class TraceReader {

	/** Most segments of a process. */
	static final int MAX_SEGMENTS = 4096;

	/** Largest header, in bytes. */
	static final int MAX_HEADER = 16 << 20;

	/** Most bytes of all headers of a process. */
	static final int MAX_HEADERS = 64 << 20;

	/** Most bytes of all files of a process: twice the largest budget. */
	static final long MAX_BYTES = 1L << 41;

	private static final int BEFORE_HEADER = 16;

	private static final byte[] MAGIC = "RPTRACE1".getBytes(StandardCharsets.US_ASCII);

	/** What lies beside the segments where the service did not keep all of them. */
	private static final String CUT = "cut";

	private static final Pattern NAME = Pattern.compile("[0-9]{4}");

	private final String process;

	private final RecordFolder own;

	private final HeaderReader headers = new HeaderReader(new HashMap<>());

	private final List<Segment> segments = new ArrayList<>();

	private final List<String> problems = new ArrayList<>();

	private int headerBytes;

	private long bytes;

	private long rows;

	TraceReader(String process, RecordFolder own) {
		this.process = process;
		this.own = own;
	}

	@SuppressWarnings("MustBeClosedChecker") // the trace holds it, and closes it
	Trace read() throws UnreadableRecordException {
		Arena arena = Arena.ofShared();
		boolean done = false;
		try (RecordFolder folder = this.own.folder("trace")) {
			SortedSet<String> names = names(folder);
			int number = 0;
			for (String name : names) {
				if (number == MAX_SEGMENTS || !name.equals(String.format(Locale.ROOT, "%04d", number))) {
					this.problems.add((number == MAX_SEGMENTS) ? "the trace has more than " + MAX_SEGMENTS + " segments"
							: folder.path(String.format(Locale.ROOT, "%04d", number)) + " is missing");
					break;
				}
				if (!segment(folder, name, number++, arena)) {
					break;
				}
			}
			if (names.isEmpty()) {
				this.problems.add("the trace has no segment");
			}
			done = true;
			return new Trace(this.process, this.segments, this.problems, arena);
		}
		finally {
			if (!done) {
				arena.close();
			}
		}
	}

	private SortedSet<String> names(RecordFolder folder) throws UnreadableRecordException {
		SortedSet<String> names = new TreeSet<>();
		boolean[] stranger = new boolean[1];
		boolean[] cut = new boolean[1];
		boolean all = folder.forEachName(2 * MAX_SEGMENTS, (name) -> {
			if (NAME.matcher(name).matches()) {
				names.add(name);
			}
			else if (name.equals(CUT)) {
				cut[0] = true;
			}
			else {
				stranger[0] = true;
			}
		});
		if (cut[0]) {
			this.problems.add("a part of the trace was left out when the record was kept");
		}
		if (stranger[0]) {
			this.problems.add("the trace holds something other than segments");
		}
		if (!all) {
			this.problems.add("the trace has more than " + MAX_SEGMENTS + " segments");
		}
		return names;
	}

	/**
	 * Whether the next one can be read, too.
	 */
	private boolean segment(RecordFolder folder, String name, int number, Arena arena) {
		try (FileChannel channel = folder.channel(name)) {
			long size = channel.size();
			this.bytes += size;
			if (this.bytes > MAX_BYTES) {
				throw new UnreadableRecordException("it and those before it are larger than " + MAX_BYTES + " bytes");
			}
			byte[] json = headerOf(channel, size);
			Header header = this.headers.read(json);
			long rowsAt = (long) BEFORE_HEADER + json.length;
			check(channel, header, number);
			int width = Segment.width(header.columns().size());
			long whole = (size - rowsAt) / width;
			MemorySegment mapped = (whole > 0)
					? channel.map(FileChannel.MapMode.READ_ONLY, rowsAt, whole * width, arena) : MemorySegment.NULL;
			this.segments.add(new Segment(header, mapped, this.rows));
			this.rows += whole;
			if ((size - rowsAt) % width != 0) {
				this.problems.add(folder.path(name) + " ends within a row");
			}
			return true;
		}
		catch (UnreadableRecordException ex) {
			String message = String.valueOf(ex.getMessage());
			this.problems.add(message.startsWith(folder.path(name)) ? message : folder.path(name) + ": " + message);
		}
		catch (IOException ex) {
			this.problems.add(folder.path(name) + " cannot be read");
		}
		return false;
	}

	private byte[] headerOf(FileChannel channel, long size) throws IOException, UnreadableRecordException {
		if (size < BEFORE_HEADER) {
			throw new UnreadableRecordException("it ends before its header");
		}
		byte[] before = bytes(channel, 0, BEFORE_HEADER);
		if (!Arrays.equals(before, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
			throw new UnreadableRecordException("it does not begin as a segment does");
		}
		long length = Integer
			.toUnsignedLong(ByteBuffer.wrap(before).order(ByteOrder.LITTLE_ENDIAN).getInt(MAGIC.length));
		if (length > MAX_HEADER || (BEFORE_HEADER + length) % 64 != 0) {
			throw new UnreadableRecordException("its header says that it is " + length
					+ " bytes long: more than are read, or no multiple of 64 with the 16 before it");
		}
		if (length > size - BEFORE_HEADER) {
			throw new UnreadableRecordException("it ends within its header");
		}
		this.headerBytes += (int) length;
		if (this.headerBytes > MAX_HEADERS) {
			throw new UnreadableRecordException(
					"its header and those before it are larger than " + MAX_HEADERS + " bytes");
		}
		return bytes(channel, BEFORE_HEADER, (int) length);
	}

	private void check(FileChannel channel, Header header, int number) throws IOException, UnreadableRecordException {
		ByteBuffer width = ByteBuffer.wrap(bytes(channel, 12, Integer.BYTES)).order(ByteOrder.LITTLE_ENDIAN);
		if (width.getInt() != Segment.width(header.columns().size())) {
			throw new UnreadableRecordException("its rows are not as wide as its columns");
		}
		if (header.segment() != number) {
			throw new UnreadableRecordException("its header says that it is segment " + header.segment());
		}
		if (!this.segments.isEmpty() && !header.fits(this.segments.getFirst().header())) {
			throw new UnreadableRecordException("its header speaks of another process than the first segment's");
		}
	}

	private static byte[] bytes(FileChannel channel, long position, int length)
			throws IOException, UnreadableRecordException {
		ByteBuffer buffer = ByteBuffer.allocate(length);
		while (buffer.hasRemaining()) {
			if (channel.read(buffer, position + buffer.position()) < 0) {
				throw new UnreadableRecordException("it shrank while it was read");
			}
		}
		return buffer.array();
	}

}
