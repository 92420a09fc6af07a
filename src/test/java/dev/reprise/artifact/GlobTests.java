package dev.reprise.artifact;

import java.time.Duration;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.api.Assertions.assertTimeout;

class GlobTests {

	@ParameterizedTest
	@CsvSource({ "**, a/b/c.pt, true", "**, .hidden, true", "*.pt, a.pt, true", "*.pt, a/b.pt, false",
			"**/*.pt, a.pt, true", "**/*.pt, a/b/c.pt, true", "**/*.pt, a/b/c.ptx, false", "runs/**, runs/a/b, true",
			"runs/**, runs, false", "runs/**, other/runs/a, false", "a/**/z, a/z, true", "a/**/z, a/b/c/z, true",
			"a/**/z, a/bz, false", "**/b, ab, false", "a?c, abc, true", "a?c, a/c, false", "?, 模, true",
			"a**, a/b, true", "[a], [a], true", "[a], a, false", "A, a, false", "a*b*c, aXbYbZc, true" })
	void fits(String pattern, String path, boolean fits) {
		assertThat(Glob.of(pattern).matches(path)).isEqualTo(fits);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "/a", "../a", "a//b", "a/", "a\\b", "a\nb" })
	void aPatternThatFitsNoPathIsRefused(String pattern) {
		assertThatIllegalArgumentException().isThrownBy(() -> Glob.of(pattern)).withMessageContaining("pattern");
	}

	@Test
	void aPatternThatIsTooLongIsRefused() {
		assertThatIllegalArgumentException().isThrownBy(() -> Glob.of("a".repeat(257)));
	}

	@Test
	void aHostilePatternTakesNoLongerThanAnother() {
		Glob hostile = Glob.of("**/" + "*a".repeat(120) + "b");
		assertTimeout(Duration.ofSeconds(2), () -> assertThat(hostile.matches("a".repeat(1000))).isFalse());
	}

}
