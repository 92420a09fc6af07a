package dev.reprise.diff.engine.folder;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

import dev.reprise.record.BoundedJson;
import dev.reprise.record.UnreadableRecordException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class RecordFolderTests {

	@TempDir
	Path folder;

	@Test
	void mistypedPathIsNoRecordFolder() {
		assertThatExceptionOfType(UnreadableRecordException.class)
			.isThrownBy(() -> RecordFolder.open(this.folder.resolve("nowhere")));
		assertThatExceptionOfType(UnreadableRecordException.class).isThrownBy(() -> RecordFolder.open(this.folder));
	}

	@Test
	void hugeObservedRecordIsNotRead() throws Exception {
		byte[] huge = new byte[BoundedJson.MAX_BYTES + 1];
		java.util.Arrays.fill(huge, (byte) ' ');
		write("record/main/observed.json", huge);
		write("spec.json", "{}");
		RecordFolder opened = RecordFolder.open(this.folder);
		assertThat(opened.record().processes()).isEmpty();
		assertThat(opened.gaps()).anyMatch((gap) -> gap.contains("observed.json is larger than"));
	}

	@Test
	void tooManyProcessesAreAGap() throws Exception {
		write("spec.json", "{}");
		for (int i = 0; i <= JobRecord.MAX_PROCESSES; i++) {
			write("record/pid-" + i + "/observed.json", whole(""));
		}
		RecordFolder opened = RecordFolder.open(this.folder);
		assertThat(opened.record().processes()).hasSize(JobRecord.MAX_PROCESSES);
		assertThat(opened.gaps()).anyMatch((gap) -> gap.contains("more than 256 processes"));
	}

	@Test
	void operationsAreCountedByKindAndPlaceOverProcesses() throws Exception {
		write("spec.json", "{}");
		write("record/main/observed.json", whole(""));
		write("record/pid-7/observed.json", whole(""));
		String line = "{\"operation\": \"%s\", \"kind\": \"%s\", \"count\": %s, \"place\": \"train.py:30\"}\n";
		write("record/main/operations.jsonl",
				line.formatted("put_", "refused", 1) + line.formatted("cumsum", "warned", 1)
						+ line.formatted("cumsum", "warned", 12) + "no JSON\n"
						+ line.formatted("cumsum", "warned", "\"many\"") + line.formatted("other", "praised", 1));
		write("record/pid-7/operations.jsonl", line.formatted("cumsum", "warned", 5));
		JobRecord record = RecordFolder.open(this.folder).record();
		assertThat(record.operations()).containsOnly(Map.entry("operations: refused put_ at train.py:30", 1L),
				Map.entry("operations: warned cumsum at train.py:30", 17L));
		assertThat(record.warned()).containsExactly("cumsum at train.py:30");
	}

	@Test
	void listThatIsTooLongIsAGap() throws Exception {
		write("spec.json", "{}");
		write("record/main/observed.json", whole("{},".repeat(4096) + "{}"));
		RecordFolder opened = RecordFolder.open(this.folder);
		assertThat(opened.record().processes()).isEmpty();
		assertThat(opened.gaps()).anyMatch((gap) -> gap.contains("drift has more than 4096 entries"));
	}

	@Test
	void recordsThatAreTooLargeTogetherAreAGap() throws Exception {
		write("spec.json", "{}");
		byte[] large = (whole("") + " ".repeat(4_000_000)).getBytes(StandardCharsets.UTF_8);
		for (int i = 0; i < 10; i++) {
			write("record/pid-" + i + "/observed.json", large);
		}
		RecordFolder opened = RecordFolder.open(this.folder);
		assertThat(opened.record().processes()).hasSize(8);
		assertThat(opened.gaps()).anyMatch((gap) -> gap.contains("the rest was not read"));
	}

	@Test
	void recordFolderThatIsALinkIsNotFollowed() throws Exception {
		write("spec.json", "{}");
		Path elsewhere = Files.createDirectories(this.folder.resolve("elsewhere/main"));
		Files.writeString(elsewhere.resolve("observed.json"), whole(""));
		Files.createSymbolicLink(this.folder.resolve("record"), elsewhere.getParent());
		assertThat(RecordFolder.open(this.folder).record().processes()).isEmpty();
		Files.delete(this.folder.resolve("record"));
		Files.createDirectories(this.folder.resolve("record"));
		Files.createSymbolicLink(this.folder.resolve("record/main"), elsewhere);
		assertThat(RecordFolder.open(this.folder).record().processes()).isEmpty();
	}

	@Test
	void operationsAreReadWithinBoundsAndNonsenseIsPassedOver() throws Exception {
		StringBuilder lines = new StringBuilder("nonsense\n[]\n{\"operation\":1}\n");
		for (int i = 0; i < 1300; i++) {
			lines.append("{\"operation\":\"op").append(i).append("\",\"kind\":\"warned\"}\n");
		}
		write("operations.jsonl", lines.toString());
		List<String> warned = new ArrayList<>();
		SortedMap<String, Long> counts = new TreeMap<>();
		Operations.add(this.folder.resolve("operations.jsonl"), warned, counts);
		assertThat(warned).hasSize(100).startsWith("op0");
		assertThat(counts).hasSize(1000).containsEntry("operations: warned op999", 1L);
	}

	@Test
	void outputsCanLieElsewhere() throws Exception {
		write("spec.json", "{}");
		List<String> asked = new ArrayList<>();
		RecordFolder opened = RecordFolder.open(this.folder, (file) -> {
			asked.add(file.path());
			return this.folder.resolve("blob");
		});
		write("blob", "abc");
		byte[] bytes = "abc".getBytes(StandardCharsets.UTF_8);
		opened.open(new dev.reprise.artifact.ListedFile("a/b", "644", 3, dev.reprise.artifact.Digest.of(bytes)))
			.verify();
		assertThat(asked).containsExactly("a/b");
	}

	private static String whole(String drift) {
		return """
				{"schema": 1, "complete": true, "seedings": [], "drift": [%s], "children": [],
				 "knobs": {"random.seed": {"status": "read", "start": 42, "end": 42}}}""".formatted(drift);
	}

	private void write(String path, String text) throws Exception {
		write(path, text.getBytes(StandardCharsets.UTF_8));
	}

	private void write(String path, byte[] bytes) throws Exception {
		Path file = this.folder.resolve(path);
		Files.createDirectories(file.getParent());
		Files.write(file, bytes);
	}

}
