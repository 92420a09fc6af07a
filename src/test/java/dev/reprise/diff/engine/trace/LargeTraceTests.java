package dev.reprise.diff.engine.trace;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Traces far larger than the heap. {@code -Dreprise.test.trace.mebibytes=1024} makes them
 * as large as they may be by default.
 */
class LargeTraceTests {

	private static final int MEBIBYTES = Integer.getInteger("reprise.test.trace.mebibytes", 96);

	private static final int COLUMNS = 100;

	@Test
	void tracesAreComparedWithLessHeapThanTheyTake(@TempDir Path folder) throws Exception {
		long steps = ((long) MEBIBYTES << 20) / (48 + 16 * COLUMNS);
		Path left = TracedRuns.write(folder.resolve("left"), steps, COLUMNS, null);
		Path right = TracedRuns.write(folder.resolve("right"), steps, COLUMNS,
				new TracedRuns.Part(steps - 2, COLUMNS - 1));
		String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
		Process process = new ProcessBuilder(List.of(java, "-Xmx64m", "-cp", System.getProperty("java.class.path"),
				ComparesTraces.class.getName(), left.toString(), right.toString()))
			.redirectErrorStream(true)
			.start();
		String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
		assertThat(process.waitFor(5, TimeUnit.MINUTES)).isTrue();
		System.out.println(MEBIBYTES + " MiB each: " + said.strip());
		assertThat(said).contains("step " + (steps - 2) + ", parameter layer." + (COLUMNS - 1) + ".weight")
			.contains("[] PRESENT " + steps + " steps");
		assertThat(process.exitValue()).isZero();
	}

}
