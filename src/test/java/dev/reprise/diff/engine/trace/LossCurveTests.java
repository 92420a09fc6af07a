package dev.reprise.diff.engine.trace;

import dev.reprise.record.trace.Column;
import dev.reprise.record.trace.Kind;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

/**
 * Losses of both sides as they are drawn.
 */
class LossCurveTests {

	private final LossCurve curve = new LossCurve(new Column(Kind.LOSS_VALUE, "", ""));

	@Test
	void largestDifferenceIsAPartOfTheLargerMagnitude() {
		this.curve.add(0, 1.0, 1.0);
		this.curve.add(1, 2.0, 1.0);
		this.curve.add(2, -1.0, 1.0);
		this.curve.add(3, 1e300, 1.1e300);
		LossCurve.Thinned thinned = this.curve.thinned();
		assertThat(thinned.largestRelative()).isCloseTo(2, within(1e-12));
		assertThat(thinned.step()).isEqualTo(2);
		assertThat(thinned.points()).hasSize(4);
	}

	@Test
	void equalCurvesHaveNoStepThatDiffers() {
		this.curve.add(0, 0.0, 0.0);
		this.curve.add(1, 0.5, 0.5);
		assertThat(this.curve.thinned().largestRelative()).isZero();
		assertThat(this.curve.thinned().step()).isNull();
	}

	@Test
	void whatIsNotFiniteIsShownAsNothing() {
		this.curve.add(0, Double.NaN, 1.0);
		this.curve.add(1, null, Double.POSITIVE_INFINITY);
		assertThat(this.curve.thinned().largestRelative()).isNull();
		assertThat(this.curve.thinned().points()).containsExactly(new LossCurve.Point(0, null, 1.0),
				new LossCurve.Point(1, null, null));
	}

	@Test
	void longCurvesAreThinnedAndKeepTheirEnds() {
		for (int steps = 1; steps < 3000; steps += 7) {
			LossCurve each = new LossCurve(new Column(Kind.LOSS_VALUE, "", ""));
			for (int step = 0; step < steps; step++) {
				each.add(step, 1.0 / (step + 1), 1.0);
			}
			assertThat(each.thinned().points()).hasSizeBetween(Math.min(steps, 31), 64)
				.isSortedAccordingTo(java.util.Comparator.comparingLong(LossCurve.Point::step));
			assertThat(each.thinned().points().getFirst().step()).isZero();
			assertThat(each.thinned().points().getLast().step()).isEqualTo(steps - 1);
		}
	}

}
