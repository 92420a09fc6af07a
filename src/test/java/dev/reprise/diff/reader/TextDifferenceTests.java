package dev.reprise.diff.reader;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import dev.reprise.diff.reader.bytes.JobFile;
import dev.reprise.diff.reader.tensor.TensorBytes;
import dev.reprise.diff.reader.tensor.Tolerance;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

class TextDifferenceTests {

	@TempDir
	Path folder;

	@Test
	void hunksAreNumberedFromTheStartOfTheFile() throws Exception {
		String left = lines(1, 50);
		TextDifference difference = difference(left, left.replace("line 40\n", "line forty\n"));
		assertThat(difference.firstLine()).isEqualTo(40);
		assertThat(difference.diff()).contains("@@ -37,7 +37,7 @@").containsSubsequence("-line 40", "+line forty");
		assertThat(difference.leftOut()).isZero();
	}

	@Test
	void longDiffsAreCutAndTheRestIsCounted() throws Exception {
		TextDifference difference = difference(lines(1, 5000), lines(10_001, 15_000));
		assertThat(difference.diff()).hasSize(TextDifference.MAX_DIFF);
		assertThat(difference.diff().size() + difference.leftOut()).isGreaterThanOrEqualTo(10_000);
	}

	@Test
	void controlCharactersAreShownNotSent() throws Exception {
		TextDifference difference = difference("a\n", "\u001b[2Jb\r\u202e\n");
		assertThat(difference.diff()).contains("+\\u001b[2Jb\\u000d\\u202e");
	}

	@Test
	void emptyAndFullTextsCanBeCompared() throws Exception {
		assertThat(difference("", "a\n").diff()).contains("+a");
		assertThat(difference("a\n", "a").diff()).contains("-a", "+a (no newline at the end)");
	}

	@Test
	void linesThatDifferBehindTheCutStillHaveAFirstLine() throws Exception {
		String same = "x".repeat(600);
		TextDifference difference = difference(same + "1\n", same + "2\n");
		assertThat(difference.firstLine()).isEqualTo(1);
		assertThat(difference.diff()).isEmpty();
	}

	private static String lines(int from, int to) {
		return IntStream.rangeClosed(from, to).mapToObj((i) -> "line " + i + "\n").collect(Collectors.joining());
	}

	private TextDifference difference(String left, String right) throws Exception {
		try (JobFile a = TensorBytes.open(this.folder, "log.txt", left.getBytes(StandardCharsets.UTF_8));
				JobFile b = TensorBytes.open(this.folder, "log.txt", right.getBytes(StandardCharsets.UTF_8))) {
			TextDifference text = ContentDifference.compare(a, b, Tolerance.NONE, true).text();
			return Objects.requireNonNull(text);
		}
	}

}
