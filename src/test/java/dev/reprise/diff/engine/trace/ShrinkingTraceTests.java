package dev.reprise.diff.engine.trace;

import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

import dev.reprise.diff.engine.folder.RecordFolder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Files that lose their end while they are read.
 */
class ShrinkingTraceTests {

	@TempDir
	Path folder;

	/**
	 * Rows within a page and rows of many, interpreted and compiled.
	 */
	@ParameterizedTest
	@CsvSource({ "2000, 40, 0", "2000, 40, 20", "100, 3000, 0", "100, 3000, 30" })
	void processLivesOnAndSeesIt(int steps, int columns, int before) throws Exception {
		Path left = TracedRuns.write(this.folder.resolve("left"), steps, columns, null);
		Path right = TracedRuns.write(this.folder.resolve("right"), steps, columns, null);
		String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
		Process process = new ProcessBuilder(List.of(java, "-Xmx64m", "-cp", System.getProperty("java.class.path"),
				ShrinksTrace.class.getName(), left.toString(), right.toString(), Integer.toString(before)))
			.redirectErrorStream(true)
			.start();
		String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
		assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
		assertThat(said.strip()).isIn("thrown", "seen by its chain");
		assertThat(process.exitValue()).isZero();
	}

	@Test
	void whatIsShorterThanItWasIsNotCompared() throws Exception {
		SideTraces left = new SideTraces("left",
				RecordFolder.open(TracedRuns.write(this.folder.resolve("l"), 9, 5, null)));
		SideTraces right = new SideTraces("right",
				RecordFolder.open(TracedRuns.write(this.folder.resolve("r"), 9, 5, null)));
		try (RandomAccessFile file = new RandomAccessFile(this.folder.resolve("r/record/main/trace/0000").toFile(),
				"rw")) {
			file.setLength(file.length() - 48 - 5 * 16);
		}
		ProcessPair pair = ProcessPair.of(left.processes(), right.processes()).getFirst();
		ProcessComparison found = ProcessComparison.of(pair, left, right, true);
		assertThat(found.gaps()).containsExactly("a trace of process main shrank or could not be read to its end");
		assertThat(found.compared()).isZero();
	}

}
