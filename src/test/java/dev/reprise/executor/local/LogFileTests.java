package dev.reprise.executor.local;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

import dev.reprise.executor.Limits;
import dev.reprise.run.LogParts;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What is kept of a log: 800 bytes here, 400 from the beginning, two parts of 100 from
 * the end.
 */
class LogFileTests {

	private static final Limits LIMITS = new Limits(Duration.ofSeconds(1), 1, 1, 800, 1);

	@TempDir
	private Path folder;

	private static String text(int from, int to) {
		StringBuilder text = new StringBuilder();
		for (int i = from; i < to; i++) {
			text.append((char) ('a' + i % 26));
		}
		return text.toString();
	}

	private LogFile written(int length, int step) throws IOException {
		LogFile log = new LogFile(this.folder.resolve("x.log"), new LogBudget(LIMITS));
		for (int from = 0; from < length; from += step) {
			byte[] bytes = text(from, Math.min(from + step, length)).getBytes(StandardCharsets.US_ASCII);
			log.write(bytes, bytes.length);
		}
		return log;
	}

	@Test
	void whatFitsIsKeptWhole() throws IOException {
		for (int length : new int[] { 0, 1, 399, 400, 401, 500, 599, 600 }) {
			for (int step : new int[] { 7, 1000 }) {
				LogFile log = written(length, step);
				log.close();
				assertThat(log.hasGap()).isFalse();
				assertThat(this.folder.resolve("x.log")).hasContent(text(0, length));
				assertThat(this.folder).isDirectoryContaining((file) -> file.endsWith("x.log"));
			}
		}
	}

	@Test
	void beginningAndEndAreKeptOfWhatIsLonger() throws IOException {
		for (int step : new int[] { 7, 250, 5000 }) {
			LogFile log = written(1230, step);
			assertThat(log.hasGap()).isTrue();
			log.close();
			assertThat(this.folder.resolve("x.log"))
				.hasContent(text(0, 400) + "\n--- 700 bytes were left out here ---\n" + text(1100, 1230));
			try (var files = Files.list(this.folder)) {
				assertThat(files).hasSize(1);
			}
		}
	}

	@Test
	void serviceThatWasKilledLeavesPartsThatAreJoinedOnce() throws IOException {
		written(1230, 7);
		Path log = this.folder.resolve("x.log");
		assertThat(log).hasContent(text(0, 400));
		// A join that was interrupted had written some of it.
		Files.writeString(log, text(0, 400) + "\n--- 70");
		LogParts.join(log);
		LogParts.join(log);
		assertThat(log).hasContent(text(0, 400) + "\n--- 700 bytes were left out here ---\n" + text(1100, 1230));
	}

}
