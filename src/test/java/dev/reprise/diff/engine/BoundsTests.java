package dev.reprise.diff.engine;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import dev.reprise.diff.engine.folder.RecordFolder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What is beyond a bound is counted, never dropped in silence.
 */
class BoundsTests {

	@TempDir
	Path folder;

	@Test
	void linesOfManyTextsAreBoundedTogether() throws Exception {
		Map<String, String> left = new HashMap<>();
		Map<String, String> right = new HashMap<>();
		for (int i = 0; i < 150; i++) {
			left.put("log" + i, "a\n".repeat(150));
			right.put("log" + i, "b\n".repeat(150));
		}
		List<FileDifference> differences = outputs(left, right).differences();
		assertThat(differences).hasSize(150);
		int shown = 0;
		int leftOut = 0;
		for (FileDifference difference : differences) {
			shown += (difference.text() != null) ? difference.text().diff().size() : 0;
			leftOut += (difference.text() != null) ? difference.text().leftOut() : 0;
		}
		assertThat(shown).isEqualTo(20_000);
		assertThat(leftOut).isPositive();
		assertThat(differences).allMatch((difference) -> difference.firstByte() != null);
	}

	@Test
	void partsOfManyFilesAreBoundedTogether() throws Exception {
		Map<String, String> left = new HashMap<>();
		Map<String, String> right = new HashMap<>();
		for (int i = 0; i < 25; i++) {
			left.put("m" + i + ".json", "[" + "1,".repeat(1200) + "0]");
			right.put("m" + i + ".json", "[" + "2,".repeat(1200) + "0]");
		}
		long shown = 0;
		long leftOut = 0;
		for (FileDifference difference : outputs(left, right).differences()) {
			shown += (difference.parts() != null) ? difference.parts().size() : 0;
			leftOut += (difference.partsLeftOut() != null) ? difference.partsLeftOut() : 0;
		}
		assertThat(shown).isEqualTo(20_000);
		assertThat(shown + leftOut).isEqualTo(25 * 1200);
	}

	@Test
	void filesBeyondTheMostThatAreReportedAreCounted() throws Exception {
		Map<String, String> left = new HashMap<>();
		for (int i = 0; i < Result.Outputs.MAX_DIFFERENCES + 5; i++) {
			left.put("f" + i, "");
		}
		Result.Outputs outputs = outputs(left, Map.of("f0", ""));
		assertThat(outputs.differences()).hasSize(Result.Outputs.MAX_DIFFERENCES);
		assertThat(outputs.leftOut()).isEqualTo(4);
		assertThat(outputs.same()).isFalse();
	}

	@Test
	void filesBeyondTheTimeThatAComparisonHasAreDifferentAndNotRead() throws Exception {
		RecordFolder a = new WrittenRun(this.folder.resolve("left")).outputs(Map.of("a.txt", "1", "b.txt", "b"))
			.write();
		RecordFolder b = new WrittenRun(this.folder.resolve("right")).outputs(Map.of("a.txt", "2", "b.txt", "b"))
			.write();
		Diff diff = new DiffEngine(Duration.ZERO).compare(a, b, Comparison.EXACT);
		assertThat(diff.verdict()).isEqualTo(Verdict.DIFFERENT);
		String why = "the files before it took PT0S to read, which is all the time that a comparison has for that";
		assertThat(diff.missing()).contains("a.txt was not read: " + why);
		List<FileDifference> differences = ((Result.Outputs) diff.results().get(2)).differences();
		assertThat(differences).singleElement().extracting(FileDifference::notRead).isEqualTo(why);
	}

	private Result.Outputs outputs(Map<String, String> left, Map<String, String> right) throws Exception {
		RecordFolder a = new WrittenRun(this.folder.resolve("left")).outputs(left).write();
		RecordFolder b = new WrittenRun(this.folder.resolve("right")).outputs(right).write();
		return (Result.Outputs) new DiffEngine().compare(a, b, Comparison.EXACT).results().get(2);
	}

}
