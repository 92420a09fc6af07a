package dev.reprise.record;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import dev.reprise.record.trace.Column;
import dev.reprise.record.trace.Kind;
import dev.reprise.record.trace.Trace;
import dev.reprise.record.trace.TraceWriter;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What is kept of a record, and that a trace of which not all is kept does not pass for
 * one.
 */
class RecordCopyTests {

	private static final RecordCopy.Room ROOM = () -> {
	};

	private static final RecordCopy.Bounds MUCH = new RecordCopy.Bounds(1L << 30, 1L << 30);

	@TempDir
	Path left;

	@TempDir
	Path kept;

	@BeforeEach
	void aTraceOfTwoSegments() throws IOException {
		trace("main", 10);
	}

	private void trace(String process, int rows) throws IOException {
		Path own = Files.createDirectories(this.left.resolve("record").resolve(process));
		Files.writeString(own.resolve("observed.json"), "{}");
		Column weight = new Column(Kind.PARAMETER, "fc.weight", "xxh3-128/1");
		try (TraceWriter trace = new TraceWriter(own.resolve("trace"), 1, null, null)) {
			trace.begin(List.of(weight));
			for (int i = 0; i < rows; i++) {
				trace.row(i, i + 10, i + 20);
			}
			trace.begin(List.of(weight, new Column(Kind.PARAMETER, "fc.bias", "xxh3-128/1")));
			for (int i = rows; i < 2 * rows; i++) {
				trace.row(i, i + 10, i + 20, i + 30, i + 40);
			}
		}
	}

	@Test
	void tracesAndWhatWatchersWroteAreKeptByteForByte() throws Exception {
		for (String file : List.of("audit.json", "zoom.jsonl", "flip.json", "result.json")) {
			Files.writeString(this.left.resolve("record/main").resolve(file), file);
		}
		Files.writeString(this.left.resolve("record/main/anything.txt"), "no part of a record");
		RecordCopy.copy(this.left, this.kept, MUCH, ROOM);
		assertThat(RecordFiles.of(this.kept)).containsExactly("record/main/audit.json", "record/main/flip.json",
				"record/main/observed.json", "record/main/result.json", "record/main/trace/0000",
				"record/main/trace/0001", "record/main/zoom.jsonl");
		assertThat(RecordFiles.of(this.kept)).allMatch(RecordFiles::isOne);
		assertThat(this.kept.resolve("record/main/anything.txt")).doesNotExist();
		for (String path : RecordFiles.of(this.kept)) {
			assertThat(this.kept.resolve(path)).hasSameBinaryContentAs(this.left.resolve(path));
		}
		try (Trace trace = Trace.open(this.kept, "main").orElseThrow()) {
			assertThat(trace.problems()).isEmpty();
			assertThat(trace.rows()).isEqualTo(20);
		}
	}

	@Test
	void aTraceThatNobodyAskedForIsNotKept() throws IOException {
		RecordCopy.copy(this.left, this.kept, RecordCopy.Bounds.NONE, ROOM);
		assertThat(RecordFiles.of(this.kept)).containsExactly("record/main/observed.json");
	}

	@Test
	void wherePartOfATraceIsCutItSaysSo() throws Exception {
		long first = Files.size(this.left.resolve("record/main/trace/0000"));
		// On the boundary of a segment nothing but the mark tells that there was more.
		for (long most : new long[] { 1, first - 1, first, first + 1 }) {
			Path copy = Files.createDirectory(this.kept.resolve(String.valueOf(most)));
			RecordCopy.copy(this.left, copy, all(most), ROOM);
			assertThat(copy.resolve("record/main/trace/cut")).exists();
			try (Trace trace = Trace.open(copy, "main").orElseThrow()) {
				assertThat(trace.problems()).as("of " + most + " bytes").isNotEmpty();
				assertThat(trace.rows()).isLessThan(20);
			}
		}
		long whole = first + Files.size(this.left.resolve("record/main/trace/0001"));
		Path copy = Files.createDirectory(this.kept.resolve("whole"));
		RecordCopy.copy(this.left, copy, all(whole), ROOM);
		assertThat(copy.resolve("record/main/trace/cut")).doesNotExist();
	}

	@Test
	void theMainProcessIsKeptBeforeAnyOther() throws Exception {
		trace("a-first", 100_000);
		long main = Files.size(this.left.resolve("record/main/trace/0000"))
				+ Files.size(this.left.resolve("record/main/trace/0001"));
		RecordCopy.copy(this.left, this.kept, all(main + 5), ROOM);
		assertThat(this.kept.resolve("record/main/trace/cut")).doesNotExist();
		assertThat(this.kept.resolve("record/a-first/trace/cut")).exists();
		try (Trace trace = Trace.open(this.kept, "a-first").orElseThrow()) {
			assertThat(trace.problems()).isNotEmpty();
		}
	}

	@Test
	void ofEachProcessIsKeptWhatItMayWrite() throws Exception {
		long main = Files.size(this.left.resolve("record/main/trace/0000"))
				+ Files.size(this.left.resolve("record/main/trace/0001"));
		trace("pid-2", 10);
		trace("pid-3", 10);
		trace("pid-4", 11);
		RecordCopy.copy(this.left, this.kept, new RecordCopy.Bounds(main, 1L << 30), ROOM);
		for (String process : List.of("main", "pid-2", "pid-3")) {
			assertThat(this.kept.resolve("record").resolve(process).resolve("trace/cut")).doesNotExist();
			try (Trace trace = Trace.open(this.kept, process).orElseThrow()) {
				assertThat(trace.problems()).isEmpty();
				assertThat(trace.rows()).isEqualTo(20);
			}
		}
		assertThat(this.kept.resolve("record/pid-4/trace/cut")).exists();
	}

	/**
	 * Of one process as much as of all together.
	 */
	private static RecordCopy.Bounds all(long bytes) {
		return new RecordCopy.Bounds(bytes, bytes);
	}

	@Test
	void whatIsNoSegmentIsNotKeptAndNotPassedOver() throws Exception {
		Path trace = this.left.resolve("record/main/trace");
		Files.writeString(trace.resolve("notes.txt"), "mine");
		RecordCopy.copy(this.left, Files.createDirectory(this.kept.resolve("stranger")), MUCH, ROOM);
		assertThat(this.kept.resolve("stranger/record/main/trace/notes.txt")).doesNotExist();
		assertThat(this.kept.resolve("stranger/record/main/trace/cut")).exists();
		Files.delete(trace.resolve("notes.txt"));

		Files.delete(trace.resolve("0001"));
		Files.createSymbolicLink(trace.resolve("0001"), Path.of("/etc/hostname"));
		RecordCopy.copy(this.left, Files.createDirectory(this.kept.resolve("link")), MUCH, ROOM);
		assertThat(this.kept.resolve("link/record/main/trace/0001")).doesNotExist();
		assertThat(this.kept.resolve("link/record/main/trace/cut")).exists();
	}

	@Test
	void aTraceThatIsNoFolderIsKeptAsNone() throws Exception {
		for (String file : List.of("0000", "0001")) {
			Files.delete(this.left.resolve("record/main/trace").resolve(file));
		}
		Files.delete(this.left.resolve("record/main/trace"));
		Files.createSymbolicLink(this.left.resolve("record/main/trace"), Path.of("/etc"));
		RecordCopy.copy(this.left, this.kept, MUCH, ROOM);
		try (Trace trace = Trace.open(this.kept, "main").orElseThrow()) {
			assertThat(trace.problems()).isNotEmpty();
			assertThat(trace.rows()).isZero();
		}
	}

	@Test
	void holesDoNotCountForMoreThanIsKept() throws IOException {
		Path segment = this.left.resolve("record/main/trace/0001");
		try (var file = Files.newByteChannel(segment, java.nio.file.StandardOpenOption.WRITE)) {
			file.position(1L << 40).write(java.nio.ByteBuffer.wrap(new byte[1]));
		}
		RecordCopy.copy(this.left, this.kept, all(3 << 20), ROOM);
		assertThat(Files.size(this.kept.resolve("record/main/trace/0000"))
				+ Files.size(this.kept.resolve("record/main/trace/0001")))
			.isEqualTo(3 << 20);
		assertThat(this.kept.resolve("record/main/trace/cut")).exists();
	}

	@Test
	void nothingIsWrittenWhereThereIsNoRoom() {
		assertThatExceptionOfType(IOException.class)
			.isThrownBy(() -> RecordCopy.copy(this.left, this.kept, MUCH, () -> {
				throw new IOException("no room");
			}))
			.withMessage("no room");
	}

	@Test
	void theNamesOfARecordAreBounded() {
		assertThat(RecordFiles.isOne("record/main/trace/0000")).isTrue();
		assertThat(RecordFiles.isOne("record/main/trace/cut")).isTrue();
		for (String path : List.of("record/main/trace", "record/main/trace/00000", "record/main/trace/x",
				"record/main/trace/0000/0000", "record/main/trace/../../../spec.json", "record/main/observedXjson")) {
			assertThat(RecordFiles.isOne(path)).as(path).isFalse();
		}
	}

}
