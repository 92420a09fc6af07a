package dev.reprise.diff.engine;

import java.time.Duration;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.api.Assertions.assertTimeout;

class GlobTests {

	@ParameterizedTest
	@CsvSource({ "**, a/b/c, true", "runs/**, runs/a/b, true", "runs/**, runs, false", "runs/*, runs/a, true",
			"runs/*, runs/a/b, false", "*.log, a.log, true", "*.log, d/a.log, false", "**/*.log, a.log, true",
			"**/*.log, d/e/a.log, true", "**/*.log, d/e/alog, false", "a/**/b, a/b, true", "a/**/b, a/x/y/b, true",
			"a/**/b, a/xb, false", "?.txt, a.txt, true", "?.txt, ab.txt, false", "a?b, a/b, false", "a**b, a/x/b, true",
			"[a], a, false", "A, a, false", "é*, état, true", "日?, 日本, true", "*, a/b, false", "**a, b/a, true",
			"a.c, abc, false" })
	void matchesWholePaths(String pattern, String path, boolean matches) {
		assertThat(new Glob(pattern).matches(path)).isEqualTo(matches);
	}

	@Test
	void hostilePatternTakesNoLongerThanAnother() {
		Glob glob = new Glob("**a".repeat(85));
		assertTimeout(Duration.ofSeconds(2), () -> {
			for (int i = 0; i < 100; i++) {
				assertThat(glob.matches("a".repeat(84) + "b".repeat(900))).isFalse();
			}
		});
	}

	@Test
	void lengthIsBounded() {
		assertThatIllegalArgumentException().isThrownBy(() -> new Glob(""));
		assertThatIllegalArgumentException().isThrownBy(() -> new Glob("a".repeat(257)));
	}

}
