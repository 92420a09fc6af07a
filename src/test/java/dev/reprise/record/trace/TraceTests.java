package dev.reprise.record.trace;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * Traces as they may lie in a folder that a job wrote.
 */
class TraceTests {

	private static final String XXH3 = "xxh3-128/1";

	private static final Column BATCH = new Column(Kind.BATCH, "0", XXH3);

	private static final Column LOSS = new Column(Kind.LOSS_VALUE, "", "");

	private static final Column WEIGHT = new Column(Kind.PARAMETER, "fc.weight", XXH3);

	@TempDir
	Path folder;

	private Path files;

	@BeforeEach
	void process() {
		this.files = this.folder.resolve("record/main/trace");
	}

	private void write(long every, int segments, int rows) throws IOException {
		try (TraceWriter writer = new TraceWriter(this.files, every, null, null)) {
			long step = 0;
			for (int segment = 0; segment < segments; segment++) {
				List<Column> columns = new ArrayList<>(List.of(BATCH, LOSS));
				for (int i = 0; i <= segment; i++) {
					columns.add(new Column(Kind.PARAMETER, "p" + i, XXH3));
				}
				writer.begin(columns);
				for (int row = 0; row < rows; row++) {
					long[] cells = new long[2 * columns.size()];
					for (int i = 0; i < cells.length; i++) {
						cells[i] = 1000 * step + i;
					}
					cells[2] = Double.doubleToLongBits(step / 2.0);
					cells[3] = 1;
					writer.row(step, cells);
					step += every;
				}
			}
		}
	}

	private Trace open() throws Exception {
		return Trace.open(this.folder, "main").orElseThrow();
	}

	private List<String> problems() throws Exception {
		try (Trace trace = open()) {
			return trace.problems();
		}
	}

	private static boolean chainsAreRight(Trace trace) {
		ChainCheck check = new ChainCheck();
		boolean right = true;
		for (Segment segment : trace.segments()) {
			check.begin(segment);
			for (long row = 0; row < segment.rows(); row++) {
				right &= check.next(segment, row);
			}
		}
		return right;
	}

	@Test
	void rowsAreFoundByPlaceAndByStepOverAllSegments() throws Exception {
		write(10, 3, 4);
		try (Trace trace = open()) {
			assertThat(trace.problems()).isEmpty();
			assertThat(trace.rows()).isEqualTo(12);
			assertThat(trace.every()).isEqualTo(10);
			for (long row = 0; row < 12; row++) {
				assertThat(trace.row(row).step()).isEqualTo(10 * row);
				assertThat(trace.row(row).segment().number()).isEqualTo((int) row / 4);
				assertThat(trace.find(10 * row)).isEqualTo(row);
				assertThat(trace.find(10 * row + 1)).isEqualTo(-1 - (row + 1));
				assertThat(trace.row(row).number(1)).hasValue(5.0 * row);
				assertThat(trace.row(row).fingerprint(2))
					.isEqualTo(new Fingerprint(10_000 * row + 4, 10_000 * row + 5));
			}
			assertThat(trace.row(11).columns()).hasSize(5);
			assertThatThrownBy(() -> trace.row(12)).isInstanceOf(IndexOutOfBoundsException.class);
		}
	}

	@Test
	void chainsAreRightUntilAByteIsAnother() throws Exception {
		write(1, 3, 4);
		try (Trace trace = open()) {
			assertThat(chainsAreRight(trace)).isTrue();
		}
		Path file = this.files.resolve("0001");
		try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
			bytes.seek(Files.size(file) - 30 - Segment.width(4));
			bytes.write(7);
		}
		try (Trace trace = open()) {
			assertThat(chainsAreRight(trace)).isFalse();
		}
	}

	@Test
	void segmentsWithoutARowCount() throws Exception {
		write(1, 2, 0);
		try (TraceWriter writer = new TraceWriter(this.files, 1, null, null)) {
			writer.begin(List.of(BATCH));
			writer.begin(List.of(BATCH, WEIGHT));
			writer.row(0, 5, 6, 7, 8);
		}
		try (Trace trace = open()) {
			assertThat(trace.problems()).isEmpty();
			assertThat(trace.rows()).isOne();
			assertThat(trace.row(0).segment().number()).isOne();
			assertThat(trace.find(0)).isZero();
			assertThat(chainsAreRight(trace)).isTrue();
		}
	}

	@Test
	void whatIsNoFingerprintIsAWord() {
		assertThat(new Fingerprint(0, 0)).hasToString("absent");
		assertThat(new Fingerprint(1, 0)).hasToString("vacuous");
		assertThat(new Fingerprint(2, 0)).hasToString("unread");
		assertThat(new Fingerprint(2, 1)).hasToString("00000000000000010000000000000002");
	}

	@Test
	void tornLastRowIsNotReadAndSaid() throws Exception {
		write(1, 1, 5);
		Path file = this.files.resolve("0000");
		cut(file, Files.size(file) - 1);
		try (Trace trace = open()) {
			assertThat(trace.rows()).isEqualTo(4);
			assertThat(trace.problems()).containsExactly("record/main/trace/0000 ends within a row");
		}
	}

	@Test
	void everyCutIsReadUpToItAndSaid() throws Exception {
		write(1, 1, 3);
		Path file = this.files.resolve("0000");
		byte[] whole = Files.readAllBytes(file);
		int width = Segment.width(3);
		for (int length = 0; length < whole.length; length++) {
			Files.write(file, java.util.Arrays.copyOf(whole, length));
			try (Trace trace = open()) {
				int header = whole.length - 3 * width;
				boolean betweenRows = length >= header && (length - header) % width == 0;
				assertThat(trace.problems().isEmpty()).as("%d bytes", length).isEqualTo(betweenRows);
				assertThat(trace.rows()).isEqualTo(Math.max(0, (length - header) / width));
			}
		}
	}

	@Test
	void lengthsThatLieAreNotBelieved() throws Exception {
		write(1, 1, 3);
		Path file = this.files.resolve("0000");
		byte[] whole = Files.readAllBytes(file);
		for (int value : new int[] { 0, 1, -1, Integer.MIN_VALUE, Integer.MAX_VALUE, (16 << 20) + 48, 48 }) {
			patch(file, whole, 8, value);
			assertThat(problems()).as("header of %d", value).hasSize(1);
			patch(file, whole, 12, value);
			assertThat(problems()).as("rows of %d", value)
				.containsExactly("record/main/trace/0000: its rows are not as wide as its columns");
		}
		patch(file, whole, 0, 0);
		assertThat(problems()).containsExactly("record/main/trace/0000: it does not begin as a segment does");
	}

	@Test
	void linksAndFoldersAndStrangersAreNoSegments() throws Exception {
		write(1, 2, 3);
		Path other = this.folder.resolve("other");
		Files.move(this.files.resolve("0001"), other);
		Files.createSymbolicLink(this.files.resolve("0001"), other);
		assertThat(problems()).containsExactly("record/main/trace/0001 is no regular file");
		Files.delete(this.files.resolve("0001"));
		Files.createDirectory(this.files.resolve("0001"));
		assertThat(problems()).containsExactly("record/main/trace/0001 is no regular file");
		Files.delete(this.files.resolve("0001"));
		Files.move(other, this.files.resolve("0002"));
		assertThat(problems()).containsExactly("record/main/trace/0001 is missing");
		Files.move(this.files.resolve("0002"), this.files.resolve("0001.tmp"));
		assertThat(problems()).containsExactly("the trace holds something other than segments");
	}

	@Test
	void traceOfWhichAPartWasKeptIsIncomplete() throws Exception {
		write(1, 1, 3);
		Files.createFile(this.files.resolve("cut"));
		assertThat(problems()).containsExactly("a part of the trace was left out when the record was kept");
	}

	@Test
	void traceThatIsALinkIsNotOpened() throws Exception {
		write(1, 1, 3);
		Path other = this.folder.resolve("other");
		Files.move(this.files, other);
		Files.createSymbolicLink(this.files, other);
		assertThatThrownBy(this::open).hasMessage("record/main/trace is no folder");
		Files.delete(this.files);
		assertThat(Trace.open(this.folder, "main")).isEmpty();
	}

	@Test
	void segmentOfAnotherProcessIsNotRead() throws Exception {
		write(1, 1, 3);
		Path first = this.files.resolve("0000");
		String text = new String(Files.readAllBytes(first), StandardCharsets.ISO_8859_1);
		String other = text.replace("\"segment\":0", "\"segment\":1").replace("\"every\":1", "\"every\":2");
		Files.write(this.files.resolve("0001"), other.getBytes(StandardCharsets.ISO_8859_1));
		assertThat(problems()).singleElement().asString().contains("0001: its header speaks of another process");
		Files.write(this.files.resolve("0001"), text.getBytes(StandardCharsets.ISO_8859_1));
		assertThat(problems()).singleElement().asString().contains("0001: its header says that it is segment 0");
	}

	@Test
	void headersThatLieAreNotRead() throws Exception {
		String column = """
				{"kind": "parameter", "name": "w", "type": "fingerprint", "algorithm": "xxh3-128/1", "result": true}""";
		assertThat(header("[" + column + "]")).isEmpty();
		assertThat(header("[" + column.replace("true", "false") + "]")).contains("not what its kind is");
		assertThat(header("[" + column + "," + column + "]")).contains("a column twice");
		assertThat(header("[" + column.replace("parameter", "weights") + "]")).contains("kind that is not known");
		assertThat(header("[" + column.replace("\"w\"", "\"a\\u0000b\"") + "]")).contains("control characters");
		assertThat(header("[" + column.replace("\"w\"", "\"\\ud800\"") + "]")).contains("half a character");
		assertThat(header("[" + column.replace("\"w\"", "\"" + "x".repeat(513) + "\"") + "]")).contains("longer than");
		assertThat(header("[" + column.replace("\"xxh3-128/1\"", "null") + "]")).contains("do not fit it");
		assertThat(header("[" + column.replace("fingerprint", "number") + "]")).contains("do not fit it");
		assertThat(header("[" + column.replace("\"w\"", "7") + "]")).contains("something else where a column's name");
		assertThat(header("{}")).contains("no list of columns");
		assertThat(header("[7]")).contains("no JSON object");
		assertThat(header("[" + "[".repeat(100_000))).contains("no JSON object");
		assertThat(header("[], \"every\": 0")).contains("out of its range");
		assertThat(header("[], \"every\": 1e99")).contains("something else where a number is due");
		assertThat(header("[], \"every\": " + "9".repeat(60))).contains("something else where a number is due");
		assertThat(header("[], \"rank\": -1")).contains("out of its range");
		assertThat(header("[], \"columns\": []")).contains("no JSON that can be read");
		assertThat(header("[]} {")).contains("goes on after");
	}

	@Test
	void moreColumnsThanAreReadAreSaid() throws Exception {
		StringBuilder columns = new StringBuilder("[");
		for (int i = 0; i <= HeaderReader.MAX_COLUMNS; i++) {
			columns.append(i == 0 ? "" : ",")
				.append("{\"kind\":\"buffer\",\"name\":\"b")
				.append(i)
				.append("\",\"type\":\"fingerprint\",\"algorithm\":\"a\",\"result\":true}");
		}
		assertThat(header(columns + "]")).contains("more than 65536 columns");
	}

	/**
	 * What is said of a header with these columns and what follows them.
	 */
	private String header(String columns) throws Exception {
		boolean every = columns.contains("every");
		byte[] json = ("{\"schema\": 1, \"segment\": 0, " + (every ? "" : "\"every\": 1, ")
				+ "\"runtime\": \"python\", \"more\": [[{}]], \"columns\": " + columns + "}")
			.getBytes(StandardCharsets.UTF_8);
		int length = (json.length + 16 + 63) / 64 * 64 - 16;
		ByteBuffer bytes = ByteBuffer.allocate(16 + length).order(ByteOrder.LITTLE_ENDIAN);
		bytes.put("RPTRACE1".getBytes(StandardCharsets.US_ASCII)).putInt(length).putInt(64).put(json);
		while (bytes.hasRemaining()) {
			bytes.put((byte) ' ');
		}
		Files.createDirectories(this.files);
		Files.write(this.files.resolve("0000"), bytes.array());
		List<String> problems = problems();
		assertThat(problems).hasSizeLessThan(2);
		return problems.isEmpty() ? "" : problems.getFirst();
	}

	private static void patch(Path file, byte[] whole, int at, int value) throws IOException {
		byte[] bytes = whole.clone();
		ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putInt(at, value);
		Files.write(file, bytes);
	}

	private static void cut(Path file, long length) throws IOException {
		try (var channel = java.nio.channels.FileChannel.open(file, StandardOpenOption.WRITE)) {
			channel.truncate(length);
		}
	}

}
