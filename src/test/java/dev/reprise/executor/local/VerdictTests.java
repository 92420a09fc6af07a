package dev.reprise.executor.local;

import java.util.OptionalInt;

import dev.reprise.executor.Cause;
import dev.reprise.executor.local.Verdict.Evidence;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class VerdictTests {

	private static final Evidence NOTHING = new Evidence(0, 0, () -> null);

	private static final Evidence EVERYTHING = new Evidence(1, 1, () -> "it was full");

	private static Cause cause(int code, Evidence evidence) {
		return Verdict.of(null, OptionalInt.of(code), false, "", evidence).cause();
	}

	@Test
	void whatTheServiceWroteDownFirstCountsAboveAll() {
		Verdict recorded = new Verdict(Cause.TIMEOUT, "late");
		assertThat(Verdict.of(recorded, OptionalInt.of(0), true, "", EVERYTHING)).isEqualTo(recorded);
		assertThat(Verdict.of(recorded, OptionalInt.empty(), false, "", EVERYTHING)).isEqualTo(recorded);
	}

	@Test
	void jobWithoutStatusIsLostWhateverTheKernelSays() {
		assertThat(Verdict.of(null, OptionalInt.empty(), false, "", EVERYTHING).cause()).isEqualTo(Cause.LOST);
	}

	@Test
	void sandboxThatNeverStoodSaysWhy() {
		assertThat(Verdict.of(null, OptionalInt.of(1), true, "bwrap: no", NOTHING))
			.isEqualTo(new Verdict(Cause.START, "bwrap: no"));
	}

	@Test
	void killForMemoryCountsBeforeTheExitCode() {
		assertThat(cause(137, EVERYTHING)).isEqualTo(Cause.OUT_OF_MEMORY);
		assertThat(cause(5, new Evidence(1, 0, () -> null))).isEqualTo(Cause.OUT_OF_MEMORY);
		assertThat(cause(0, new Evidence(1, 0, () -> null))).isEqualTo(Cause.OUT_OF_MEMORY);
	}

	@Test
	void refusalThatTheJobCopedWithIsNone() {
		assertThat(cause(1, new Evidence(0, 3, () -> "it was full"))).isEqualTo(Cause.PROCESS_LIMIT);
		assertThat(cause(1, new Evidence(0, 0, () -> "it was full"))).isEqualTo(Cause.OUT_OF_DISK);
		assertThat(cause(0, new Evidence(0, 3, () -> "it was full"))).isEqualTo(Cause.EXIT);
	}

	@Test
	void whatTheKernelSaidIsNotToldByTheExitCode() {
		for (Cause cause : new Cause[] { Cause.OUT_OF_MEMORY, Cause.OUT_OF_DISK, Cause.PROCESS_LIMIT, Cause.START }) {
			assertThat(new Verdict(cause, "").isToldByTheExitCode()).as(cause.toString()).isFalse();
		}
		assertThat(new Verdict(Cause.SIGNAL, "").isToldByTheExitCode()).isTrue();
	}

	@Test
	void otherwiseItWasTheJob() {
		assertThat(cause(128, NOTHING)).isEqualTo(Cause.EXIT);
		assertThat(cause(137, NOTHING)).isEqualTo(Cause.SIGNAL);
		assertThat(cause(255, NOTHING)).isEqualTo(Cause.EXIT);
	}

}
