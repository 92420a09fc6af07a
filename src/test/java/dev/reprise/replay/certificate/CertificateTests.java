package dev.reprise.replay.certificate;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

import dev.reprise.diff.engine.Verdict;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

/**
 * What replays say together.
 */
class CertificateTests {

	private static final MachineSeen LAPTOP = new MachineSeen("a processor", "AVX2", "reprise", List.of());

	@Test
	void threeOfThreeStillAllowSixtyThreeInAHundred() {
		Certificate certificate = of(Verdict.IDENTICAL, Verdict.IDENTICAL, Verdict.IDENTICAL);
		assertThat(certificate.identical()).isEqualTo(3);
		assertThat(certificate.upperBound95()).isCloseTo(1 - Math.cbrt(0.05), within(1e-12));
		assertThat(certificate.statement()).isEqualTo("3 of 3 replays identical, on these machines, under these loads:"
				+ " with 95 % confidence, the chance that the next one differs is at most 63.2 %.");
	}

	@Test
	void onlyIdenticalIsASuccess() {
		for (Verdict verdict : Verdict.values()) {
			Certificate certificate = of(Verdict.IDENTICAL, verdict);
			assertThat(certificate.upperBound95()).as(verdict.name())
				.isEqualTo(UpperBound.of(2, (verdict == Verdict.IDENTICAL) ? 0 : 1, 0.95));
			assertThat(certificate.statement()).contains("on these machines, under these loads");
		}
	}

	@Test
	void whatCouldNotBeJudgedNeverMakesTheBoundSmaller() {
		double without = of(Verdict.IDENTICAL, Verdict.IDENTICAL).upperBound95();
		Certificate with = of(Verdict.IDENTICAL, Verdict.IDENTICAL, Verdict.INCONCLUSIVE);
		assertThat(with.upperBound95()).isGreaterThan(without);
		assertThat(with.inconclusive()).isEqualTo(1);
		assertThat(with.statement()).startsWith(
				"2 of 3 replays identical (1 inconclusive; each that is not identical counts as one that differs), on");
	}

	@Test
	void whatIsPendingIsNoTrial() {
		Certificate certificate = of(Verdict.IDENTICAL, null, null);
		assertThat(certificate.pending()).isEqualTo(2);
		assertThat(certificate.upperBound95()).isEqualTo(UpperBound.of(1, 0, 0.95));
		assertThat(certificate.statement()).endsWith("at most 95 %. 2 more are not judged yet.");
		assertThat(certificate.loads()).containsExactly("alone");
		Certificate nothing = of(new Verdict[] { null });
		assertThat(nothing.upperBound95()).isEqualTo(1);
		assertThat(nothing.statement()).startsWith("No replay is judged yet");
		assertThat(Certificate.over(List.of()).upperBound95()).isEqualTo(1);
	}

	@Test
	void machinesAndLoadsAreNamedOnce() {
		MachineSeen other = new MachineSeen("another processor", "AVX2", "reprise", List.of("NVIDIA L4 GPU-1"));
		Certificate certificate = Certificate.over(List.of(new Judged(Verdict.IDENTICAL, LAPTOP, "alone"),
				new Judged(Verdict.IDENTICAL, LAPTOP, "beside a busy job"),
				new Judged(Verdict.IDENTICAL, other, "alone"), new Judged(Verdict.IDENTICAL, null, null)));
		assertThat(certificate.machines()).containsExactly(LAPTOP, other);
		assertThat(certificate.machinesUnknown()).isEqualTo(1);
		assertThat(certificate.loads()).containsExactly("alone", "beside a busy job", "not known");
	}

	@Test
	void percentagesAreRoundedUp() {
		assertThat(Certificate.percent(0.63159685)).isEqualTo("63.2 %");
		assertThat(Certificate.percent(0.6310000001)).isEqualTo("63.2 %");
		assertThat(Certificate.percent(0.95)).isEqualTo("95 %");
		assertThat(Certificate.percent(1)).isEqualTo("100 %");
		assertThat(Certificate.percent(0.0029521)).isEqualTo("0.296 %");
	}

	@Test
	void aMachineIsReadWithBoundsFromWhatAJobWrote() {
		assertThat(machine("{}")).isNull();
		assertThat(machine("{\"cpu\": {\"model\": 5}}")).isNull();
		MachineSeen seen = Objects.requireNonNull(machine("{\"cpu\": {\"model\": \"" + "x".repeat(5000)
				+ "\", \"capability\": [1]}," + " \"host\": \"a\\u0007b\", \"gpus\": ["
				+ "{\"model\": \"L4\", \"uuid\": null},".repeat(500) + "5]}"));
		assertThat(seen.cpu()).hasSize(200);
		assertThat(seen.capability()).isNull();
		assertThat(seen.host()).isEqualTo("a?b");
		assertThat(seen.gpus()).hasSize(64).contains("L4 ?");
	}

	private static @Nullable MachineSeen machine(String json) {
		return MachineSeen.of(JsonMapper.shared().readTree(json));
	}

	private static Certificate of(@Nullable Verdict... verdicts) {
		List<Judged> judged = new ArrayList<>();
		for (Verdict verdict : verdicts) {
			judged.add(new Judged(verdict, LAPTOP, "alone"));
		}
		return Certificate.over(judged);
	}

}
