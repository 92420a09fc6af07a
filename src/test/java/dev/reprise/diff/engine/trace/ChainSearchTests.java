package dev.reprise.diff.engine.trace;

import java.nio.file.Path;

import dev.reprise.diff.engine.trace.TracedRuns.Part;
import dev.reprise.record.trace.Kind;
import dev.reprise.record.trace.Trace;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The first difference by the chains alone.
 */
class ChainSearchTests {

	private static final int STEPS = 37;

	@TempDir
	Path folder;

	@ParameterizedTest
	@ValueSource(ints = { 0, 1, 17, 35, 36 })
	void eachStepIsFound(int step) throws Exception {
		try (Trace left = trace("left", STEPS, null); Trace right = trace("right", STEPS, new Part(step, 4))) {
			assertThat(ChainSearch.first(left, right, true)).isEqualTo(new ChainSearch.Found((long) step, STEPS));
			assertThat(ChainSearch.first(left, right, false)).isEqualTo(new ChainSearch.Found((long) step, STEPS));
			assertThat(ChainSearch.column(left, right, step, true)).hasFieldOrPropertyWithValue("name",
					"layer.4.weight");
		}
	}

	@Test
	void generatorIsFoundByTheChainOverAllColumnsOnly() throws Exception {
		try (Trace left = trace("left", STEPS, null); Trace right = trace("right", STEPS, new Part(9, 0))) {
			assertThat(ChainSearch.first(left, right, true).row()).isNull();
			assertThat(ChainSearch.first(left, right, false).row()).isEqualTo(9);
			assertThat(ChainSearch.column(left, right, 9, false)).hasFieldOrPropertyWithValue("kind", Kind.GENERATOR);
			assertThat(ChainSearch.column(left, right, 9, true)).isNull();
		}
	}

	@Test
	void shorterTraceIsComparedAsFarAsItGoes() throws Exception {
		try (Trace left = trace("left", STEPS, null); Trace right = trace("right", 20, null)) {
			assertThat(ChainSearch.first(left, right, true)).isEqualTo(new ChainSearch.Found(null, 20));
		}
	}

	@Test
	void otherColumnsAreNotComparable() throws Exception {
		try (Trace left = trace("left", STEPS, null);
				Trace right = Trace.open(TracedRuns.write(this.folder.resolve("r"), STEPS, 7, null), "main")
					.orElseThrow()) {
			assertThat(ChainSearch.first(left, right, true)).isEqualTo(new ChainSearch.Found(null, 0));
		}
	}

	private Trace trace(String name, int steps, @Nullable Part part) throws Exception {
		return Trace.open(TracedRuns.write(this.folder.resolve(name), steps, 6, part), "main").orElseThrow();
	}

}
