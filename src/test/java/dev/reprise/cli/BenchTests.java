package dev.reprise.cli;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * That the bench works and says what it shall say. What it measures is not judged here:
 * machines that run tests are busy.
 */
class BenchTests {

	@Test
	void measuresRatiosAndWritesThemDown(@TempDir Path folder) throws Exception {
		String python = System.getProperty("reprise.test.python");
		Assumptions.assumeTrue(python != null, "needs a Python with torch, which ./reprise test gives");
		Path file = Files.writeString(folder.resolve("benchmarks.md"), """
				kept before
				<!-- result of ./reprise bench: begin -->
				replaced
				<!-- result of ./reprise bench: end -->
				kept after
				""");
		ByteArrayOutputStream out = new ByteArrayOutputStream();
		String djl = System.getProperty("reprise.test.djl");
		Assumptions.assumeTrue(djl != null, "needs DJL, which ./reprise test prepares");
		Path environment = Path.of(String.valueOf(python)).toAbsolutePath().resolve("../..").normalize();
		Options options = Options.read(List.of("--quick", "--markdown", file.toString(),
				"--reprise.environments.default=" + environment, "--reprise.djl=" + djl), Set.of("--quick"),
				Set.of("--markdown"));
		int status = Benching.run(options, new PrintStream(out, true, StandardCharsets.UTF_8));
		String text = out.toString(StandardCharsets.UTF_8);
		assertThat(status).isIn(0, 1);
		assertThat(text)
			.contains("1. SHA-256 of a file", "2. examples/digits/train.py", "3. A training step",
					"4. A job of one core alone", "5. /bin/true held", "6. A job that obeys SIGTERM",
					"7. Submissions of a run", "11. bench/FirstStep.java")
			.contains("target at least 0.9", "target at most 1.000 s", "target at most 1.02", "target at most 1.1:",
					"target at least 0.3")
			.contains("import of torch", "the harness adds to process start")
			.contains("--quick: too few rounds to judge by")
			.containsPattern((status == 0) ? "All targets held" : "Missed: ");
		assertThat(Files.readString(file)).startsWith("kept before\n")
			.endsWith("kept after\n")
			.doesNotContain("replaced")
			.contains("TOO FEW ROUNDS TO JUDGE BY", "| figure | median |")
			.containsPattern("(?m)^\\| bytes hashed a second.*\\| at least 0\\.9 \\|")
			.containsPattern("(?m)^\\| seconds more.*\\| at most 1\\.000 s \\|")
			.containsPattern("(?m)^\\| time a step.*\\| at most 1\\.02 \\|")
			.containsPattern("(?m)^\\| time of the slower of two.*\\| at most 1\\.1 \\|")
			.containsPattern("(?m)^\\| time to the first step of a job on the JVM.*\\| at most 1\\.1 \\|")
			.containsPattern("(?m)^\\| submissions a second.*\\| at least 0\\.3 \\|");
	}

}
