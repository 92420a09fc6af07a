package dev.reprise.record;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.TimeUnit;

import dev.reprise.recipe.DeterminismMode;
import dev.reprise.recipe.OnDrift;
import dev.reprise.recipe.Recipe;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.ObjectNode;

import static org.assertj.core.api.Assertions.assertThat;

@Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RunRecordTests {

	private static final Recipe STRICT = Recipe.resolve(DeterminismMode.STRICT, 42, 2, true, false, OnDrift.RECORD);

	@TempDir
	private Path folder;

	@Test
	void recordOfTheContractIsReadInFull() throws IOException {
		WrittenRecord written = new WrittenRecord(STRICT).child("pid-7", "spawn");
		written.seeding("main", "torch", "torch.manual_seed", 1337L, false, "train.py:12");
		written.drift("main", "torch.backends.cudnn.benchmark", "train.py:14", true);
		Path main = written.in(this.folder).resolve("record/main");
		Files.writeString(main.resolve("result.json"),
				"""
						{"schema": 1, "outcome": "raised", "exitCode": 1, "exception": {"type": "RuntimeError", "message": "no"},
						 "operation": "put_", "place": "train.py:30", "function": "step"}""");
		RunRecord record = RunRecord.read(this.folder);
		assertThat(record.allProblems()).isEmpty();
		assertThat(record.complete()).isTrue();
		assertThat(record.processes()).extracting(ProcessRecord::name).containsExactly("main", "pid-7");
		ProcessRecord process = record.main().orElseThrow();
		assertThat(process.imported()).containsExactly("numpy", "numpy.random", "torch");
		assertThat(process.knobs()).hasSizeGreaterThan(40);
		assertThat(process.seedings()).singleElement().satisfies((seeding) -> {
			assertThat(seeding.value().longValue()).isEqualTo(1337);
			assertThat(seeding.place()).isEqualTo("train.py:12");
		});
		assertThat(process.drift()).singleElement().matches(ProcessRecord.Drift::undone);
		assertThat(process.children()).singleElement().matches((child) -> "pid-7".equals(child.record()));
		assertThat(process.result()).isEqualTo(
				new ProcessRecord.Result("raised", 1, "RuntimeError", "no", "put_", "train.py:30", "step", null));
		EnvironmentRecord environment = Objects.requireNonNull(record.environment());
		assertThat(environment.hasGpu()).contains(true);
		assertThat(environment.packageVersion("torch")).contains("2.15.0");
		assertThat(environment.packageVersion("nope")).isEmpty();
	}

	@Test
	void operationsAreKeptOnceWithTheirLargestCount() throws IOException {
		operations("""
				{"operation": "put_", "kind": "warned", "count": 1, "place": "train.py:30", "function": "step"}
				{"operation": "put_", "kind": "refused", "count": 1, "place": "train.py:30", "function": "step"}
				{"operation": "put_", "kind": "warned", "count": 1, "place": "train.py:31", "function": "step"}

				{"operation": "put_", "kind": "warned", "count": 12, "place": "train.py:30", "function": "step"}
				{"operation": "put_", "kind": "warned", "count": 3, "place": "train.py:30", "function": "step"}
				""");
		assertThat(main().operations()).containsExactly(
				new ProcessRecord.Operation("put_", "warned", "train.py:30", "step", 12),
				new ProcessRecord.Operation("put_", "refused", "train.py:30", "step", 1),
				new ProcessRecord.Operation("put_", "warned", "train.py:31", "step", 1));
		assertThat(main().problems()).isEmpty();
	}

	@Test
	void lineThatWasCutShortIsSaidAndTheRestIsKept() throws IOException {
		operations("""
				{"operation": "put_", "kind": "warned", "count": 1}
				nonsense
				{"operation": 3, "kind": "warned"}
				{"operation": "put_", "kind": "wa""");
		assertThat(main().operations()).hasSize(1);
		assertThat(main().problems()).containsExactlyInAnyOrder(
				"record/main: operations.jsonl has 1 lines that cannot be read, the first is line 2",
				"record/main: operations.jsonl has 1 lines that are no operation",
				"record/main: operations.jsonl ends in a line that was cut short");
	}

	@Test
	void millionLinesAreReadToTheBound() throws IOException {
		Path main = new WrittenRecord(STRICT).in(this.folder).resolve("record/main");
		try (BufferedWriter out = Files.newBufferedWriter(main.resolve("operations.jsonl"))) {
			for (int i = 0; i < 1_000_000; i++) {
				out.write("{\"operation\":\"o" + i + "\",\"kind\":\"warned\"}\n");
			}
		}
		assertThat(main().operations()).hasSize(4096);
		assertThat(main().problems()).anyMatch((problem) -> problem.contains("more than 65536 lines"))
			.anyMatch((problem) -> problem.contains("more than 4096 operations"));
	}

	@Test
	void linesBeyondTheBoundOfBytesAreNotRead() throws IOException {
		operations(("x".repeat(1024 * 1024) + "\n").repeat(17)
				+ "{\"operation\": \"late\", \"kind\": \"warned\", \"count\": 1}\n");
		assertThat(main().operations()).isEmpty();
		assertThat(main().problems()).anyMatch((problem) -> problem.contains("larger than 16777216 bytes"));
	}

	@Test
	void missingRecordIsAProblemAndNoException() {
		RunRecord record = RunRecord.read(this.folder);
		assertThat(record.processes()).isEmpty();
		assertThat(record.complete()).isFalse();
		assertThat(record.allProblems()).containsExactly("record is missing");
		assertThat(RunRecord.read(this.folder.resolve("nowhere")).allProblems())
			.containsExactly("the record folder cannot be opened");
	}

	@Test
	void recordThatIsALinkIsNotFollowed() throws IOException {
		Path elsewhere = new WrittenRecord(STRICT).in(Files.createDirectory(this.folder.resolve("elsewhere")));
		Path run = Files.createDirectory(this.folder.resolve("run"));
		Files.createSymbolicLink(run.resolve("record"), elsewhere.resolve("record"));
		RunRecord record = RunRecord.read(run);
		assertThat(record.processes()).isEmpty();
		assertThat(record.allProblems()).containsExactly("record is no folder");
	}

	@Test
	void processFolderThatIsALinkIsNotFollowed() throws IOException {
		Path elsewhere = new WrittenRecord(STRICT).in(Files.createDirectory(this.folder.resolve("elsewhere")));
		Path record = Files.createDirectories(this.folder.resolve("run/record"));
		Files.createSymbolicLink(record.resolve("main"), elsewhere.resolve("record/main"));
		RunRecord read = RunRecord.read(this.folder.resolve("run"));
		assertThat(read.main()).hasValueSatisfying((main) -> {
			assertThat(main.observed()).isFalse();
			assertThat(main.knobs()).isEmpty();
		});
		assertThat(read.complete()).isFalse();
		assertThat(read.allProblems()).containsExactly("record/main is no folder");
	}

	@ParameterizedTest
	@ValueSource(strings = { "observed.json", "environment.json", "operations.jsonl", "result.json" })
	void fileThatIsALinkIsNotFollowed(String file) throws IOException {
		Path main = new WrittenRecord(STRICT).in(this.folder).resolve("record/main");
		Path elsewhere = this.folder.resolve("elsewhere");
		Files.deleteIfExists(main.resolve(file));
		Files.writeString(elsewhere, "{\"schema\": 1, \"complete\": true, \"secret\": 1}");
		Files.createSymbolicLink(main.resolve(file), elsewhere);
		assertThat(RunRecord.read(this.folder).allProblems())
			.containsExactly("record/main/" + file + " is no regular file");
	}

	@ParameterizedTest
	@ValueSource(strings = { "main/observed.json", "main/environment.json", "main/operations.jsonl", "main/result.json",
			"pid-9" })
	void fifoIsNeverOpened(String path) throws Exception {
		Path record = new WrittenRecord(STRICT).in(this.folder).resolve("record");
		Files.deleteIfExists(record.resolve(path));
		Process mkfifo = new ProcessBuilder("mkfifo", record.resolve(path).toString()).start();
		assertThat(mkfifo.waitFor(10, TimeUnit.SECONDS)).isTrue();
		assertThat(mkfifo.exitValue()).isZero();
		assertThat(RunRecord.read(this.folder).allProblems())
			.containsExactly("record/" + path + (path.equals("pid-9") ? " is no folder" : " is no regular file"));
	}

	@Test
	void recordThatIsAFifoIsNeverOpened() throws Exception {
		Process mkfifo = new ProcessBuilder("mkfifo", this.folder.resolve("record").toString()).start();
		assertThat(mkfifo.waitFor(10, TimeUnit.SECONDS)).isTrue();
		assertThat(RunRecord.read(this.folder).allProblems()).containsExactly("record is no folder");
	}

	@Test
	void fileThatIsAFolderIsAProblem() throws IOException {
		Path main = new WrittenRecord(STRICT).in(this.folder).resolve("record/main");
		Files.delete(main.resolve("observed.json"));
		Files.createDirectory(main.resolve("observed.json"));
		assertThat(main().observed()).isFalse();
	}

	@Test
	void jsonBeyondTheBoundIsNotRead() throws IOException {
		observed("{\"schema\": 1, \"complete\": true, \"pad\": \"" + "x".repeat(5 * 1024 * 1024) + "\"}");
		assertThat(main().complete()).isFalse();
		assertThat(main().problems()).containsExactly("record/main/observed.json is larger than 4194304 bytes");
	}

	@Test
	void bracketsWithoutEndAreNoTreeWithoutEnd() throws IOException {
		observed("{\"schema\": 1, \"knobs\": [" + "[],".repeat(1_300_000) + "[]]}");
		assertThat(main().observed()).isTrue();
		assertThat(main().damaged()).contains("knobs");
		observed("{\"schema\": 1, \"knobs\": [" + ("[" + "0,".repeat(4000) + "0],").repeat(400) + "[]]}");
		assertThat(main().problems()).containsExactly("record/main/observed.json has more than 262144 values in it");
	}

	@Test
	void duplicateKeysAreRefused() throws IOException {
		observed("{\"schema\": 1, \"complete\": false, \"complete\": true}");
		assertThat(main().complete()).isFalse();
		assertThat(main().problems()).singleElement()
			.matches((problem) -> problem.startsWith("record/main/observed.json is no JSON that can be read"));
	}

	@Test
	void depthIsBounded() throws IOException {
		observed("{\"schema\": 1, \"knobs\": " + "[".repeat(100_000));
		assertThat(main().observed()).isFalse();
	}

	@ParameterizedTest
	@ValueSource(strings = { "", " ", "null", "3", "[]", "\"x\"", "{}", "{\"schema\": 2, \"complete\": true}",
			"{\"schema\": \"1\", \"complete\": true}", "{\"schema\": 1} {\"schema\": 1}", "{\"schema\": 1", "NaN",
			"\u0000", "{\"schema\": 1e999999999}" })
	void whatIsNoObservationIsAProblem(String json) throws IOException {
		observed(json);
		assertThat(main().observed()).isFalse();
		assertThat(main().complete()).isFalse();
		assertThat(main().problems()).hasSize(1);
		assertThat(RunRecord.read(this.folder).complete()).isFalse();
	}

	@Test
	void wrongTypesAreProblemsOfTheirPartAlone() throws IOException {
		WrittenRecord written = new WrittenRecord(STRICT);
		written.main().put("seedings", 3);
		written.list("main", "drift").add(7).addObject().put("knob", 1);
		written.main().put("argv", "train.py").put("parent", "../../etc").put("started", "magic");
		written.main().put("complete", "yes");
		written.knob("main", "random.seed").put("status", "fine");
		((ObjectNode) written.main().get("knobs")).put("made.up", 1);
		written.in(this.folder);
		ProcessRecord main = main();
		assertThat(main.damaged()).containsExactlyInAnyOrder("seedings", "drift", "knobs");
		assertThat(main.complete()).isFalse();
		assertThat(main.parent()).isNull();
		assertThat(main.started()).isEmpty();
		assertThat(main.knobs()).doesNotContainKeys("random.seed", "made.up").containsKey("torch.manual_seed");
		assertThat(main.problems()).hasSize(5);
	}

	@Test
	void listBeyondTheBoundIsCutAndSaid() throws IOException {
		WrittenRecord written = new WrittenRecord(STRICT);
		for (int i = 0; i < 5000; i++) {
			written.seeding("main", "python", "random.seed", 42L, false, "a.py:" + i);
		}
		written.in(this.folder);
		assertThat(main().seedings()).hasSize(4096);
		assertThat(main().damaged()).containsExactly("seedings");
	}

	@Test
	void textIsCutWithoutHalvingACharacter() throws IOException {
		WrittenRecord written = new WrittenRecord(STRICT);
		written.list("main", "argv").add("x".repeat(4095) + "😀");
		written.in(this.folder);
		assertThat(main().argv().get(1)).isEqualTo("x".repeat(4095));
	}

	@Test
	void noProblemHoldsAControlCharacterOfTheJobs() throws IOException {
		WrittenRecord written = new WrittenRecord(STRICT);
		((ObjectNode) written.main().get("knobs")).put("a\n[31mforged line\u001b[0m\u202e", 1);
		written.in(this.folder);
		assertThat(main().problems()).singleElement()
			.asString()
			.contains("a?[31mforged line?[0m?")
			.doesNotContain("\n");
	}

	@Test
	void thousandsOfProcessFoldersAreReadToTheBound() throws IOException {
		new WrittenRecord(STRICT).in(this.folder);
		for (int i = 0; i < 2_000; i++) {
			Files.createDirectory(this.folder.resolve("record/pid-" + i));
		}
		RunRecord record = RunRecord.read(this.folder);
		assertThat(record.processes()).hasSize(256);
		assertThat(record.main()).isPresent();
		assertThat(record.processes().get(2).name()).isEqualTo("pid-1");
		assertThat(record.unread()).isTrue();
		assertThat(record.complete()).isFalse();
		assertThat(record.gaps()).contains("There are more processes than are read.");
	}

	@Test
	void entriesThatAreNoProcessAreLeftOut() throws IOException {
		Path record = new WrittenRecord(STRICT).in(this.folder).resolve("record");
		Files.createDirectory(record.resolve("Main"));
		Files.createDirectory(record.resolve("a b"));
		Files.createDirectory(record.resolve("-x"));
		Files.createDirectory(record.resolve("p".repeat(65)));
		assertThat(RunRecord.read(this.folder).processes()).hasSize(1);
		assertThat(RunRecord.read(this.folder).allProblems())
			.containsExactly("record has 4 entries that are no process");
	}

	@Test
	void recordIsBoundedAsAWhole() throws IOException {
		String padding = "{\"schema\": 1, \"pad\": \"" + "x".repeat(4_000_000) + "\"}";
		WrittenRecord written = new WrittenRecord(STRICT);
		written.in(this.folder);
		for (int i = 10; i < 22; i++) {
			Path process = Files.createDirectory(this.folder.resolve("record/pid-" + i));
			Files.writeString(process.resolve("observed.json"), padding);
		}
		RunRecord record = RunRecord.read(this.folder);
		assertThat(record.main()).hasValueSatisfying((main) -> assertThat(main.complete()).isTrue());
		assertThat(record.process("pid-21")).hasValueSatisfying((last) -> assertThat(last.observed()).isFalse());
		assertThat(record.allProblems()).anyMatch((problem) -> problem
			.equals("record/pid-21/observed.json was not read: the record is larger than 33554432 bytes in all"));
	}

	@Test
	void processThatWasKilledLeavesTheRecordIncomplete() throws IOException {
		RunRecord record = new WrittenRecord(STRICT).killed("main").readFrom(this.folder);
		assertThat(record.complete()).isFalse();
		assertThat(record.gaps()).containsExactly("main did not write its record to the end.");
	}

	@Test
	void expectedChildWithoutRecordLeavesTheRecordIncomplete() throws IOException {
		WrittenRecord written = new WrittenRecord(STRICT);
		written.list("main", "children").add(WrittenRecord.object("""
				{"argv": ["python", "-I", "x.py"], "kind": "python", "place": "train.py:30", "expected": true,
				 "why": "-I keeps the harness out", "record": null, "count": 1}"""));
		RunRecord record = written.readFrom(this.folder);
		assertThat(record.complete()).isFalse();
		assertThat(record.gaps())
			.containsExactly("train.py:30 started python -I x.py, which left no record: -I keeps the harness out.");
	}

	@Test
	void childIsNotExcusedByTheRecordOfAnother() throws IOException {
		WrittenRecord written = new WrittenRecord(STRICT).child("pid-7", "spawn");
		((ObjectNode) written.list("main", "children").get(0)).put("count", 2);
		assertThat(written.readFrom(this.folder).complete()).isFalse();
		assertThat(written.process("pid-8", "main", "spawn").readFrom(this.folder).complete()).isTrue();
		assertThat(written.process("pid-8", "pid-7", "spawn").readFrom(this.folder).complete()).isFalse();
	}

	@Test
	void childThatWasKilledLeavesTheRecordIncomplete() throws IOException {
		RunRecord record = new WrittenRecord(STRICT).child("pid-7", "spawn").killed("pid-7").readFrom(this.folder);
		assertThat(record.complete()).isFalse();
		assertThat(record.endedForks()).isEmpty();
	}

	@Test
	void forkedWorkerThatItsParentEndedIsNormalAndNamed() throws IOException {
		RunRecord record = new WrittenRecord(STRICT).child("pid-7", "fork").killed("pid-7").readFrom(this.folder);
		assertThat(record.complete()).isTrue();
		assertThat(record.endedForks()).containsExactly("pid-7");
	}

	@Test
	void forkedWorkerOfAProcessThatWasKilledItselfIsNotExcused() throws IOException {
		RunRecord record = new WrittenRecord(STRICT).child("pid-7", "fork")
			.killed("pid-7")
			.killed("main")
			.readFrom(this.folder);
		assertThat(record.complete()).isFalse();
		assertThat(record.endedForks()).isEmpty();
		assertThat(record.gaps()).hasSize(2);
	}

	@Test
	void mainIsNeverAnEndedFork() throws IOException {
		WrittenRecord written = new WrittenRecord(STRICT).process("pid-7", null, "exec").killed("main");
		written.main().put("started", "fork").put("parent", "pid-7");
		assertThat(written.readFrom(this.folder).complete()).isFalse();
	}

	@Test
	void noContentMakesTheReaderOrTheChecklistThrow() throws IOException {
		Random random = new Random(7);
		WrittenRecord written = new WrittenRecord(STRICT).child("pid-7", "fork");
		written.seeding("pid-7", "torch", "torch.manual_seed", 9L, false, "/e/torch/utils/data/_utils/worker.py:1");
		written.drift("main", "TZ", null, false);
		Path main = written.in(this.folder).resolve("record/main");
		byte[] good = Files.readAllBytes(main.resolve("observed.json"));
		String[] odd = { "null", "[]", "{}", "-1", "1e400", "\"\"", "99999999999999999999", "true", "[[[]]]" };
		for (int i = 0; i < 400; i++) {
			String text = new String(good, StandardCharsets.UTF_8);
			for (int change = 0; change <= i % 3; change++) {
				int colon = text.indexOf(':', random.nextInt(text.length()));
				int end = (colon < 0) ? -1 : text.indexOf(',', colon);
				if (end > 0) {
					text = text.substring(0, colon + 1) + odd[random.nextInt(odd.length)] + text.substring(end);
				}
			}
			Files.writeString(main.resolve("observed.json"), text);
			RunRecord record = RunRecord.read(this.folder);
			for (Checklist.Program program : Checklist.Program.values()) {
				assertThat(Checklist.of(STRICT, record, program).items())
					.hasSize((program == Checklist.Program.JVM) ? 17 : 18)
					.allSatisfy((item) -> assertThat(item.why()).endsWith("."));
			}
			assertThat(record.gaps()).isNotNull();
		}
	}

	private ProcessRecord main() {
		return RunRecord.read(this.folder).main().orElseThrow();
	}

	private void observed(String json) throws IOException {
		Path main = Files.createDirectories(this.folder.resolve("record/main"));
		Files.writeString(main.resolve("observed.json"), json);
		Files.writeString(main.resolve("environment.json"), "{\"schema\": 1}");
	}

	private void operations(String lines) throws IOException {
		Path main = new WrittenRecord(STRICT).in(this.folder).resolve("record/main");
		Files.writeString(main.resolve("operations.jsonl"), lines);
	}

}
