package dev.reprise.diff.reader.part;

import dev.reprise.diff.reader.tensor.Tolerance;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class FindingsTests {

	/**
	 * A reader that found nothing in files that differ has not seen what differs: no
	 * tolerance covers that.
	 */
	@Test
	void nothingFoundIsNeverWithinATolerance() {
		PartsComparison nothing = new Findings(new Tolerance(0, 1, 1)).result();
		assertThat(nothing.unexplained()).isTrue();
		assertThat(nothing.within()).isFalse();
		assertThat(nothing.sameMeaning()).isFalse();
		Findings around = new Findings(new Tolerance(0, 1, 1));
		around.within("member", nothing);
		assertThat(around.result().within()).isFalse();
	}

	@Test
	void anotherLayoutAndCoveredNumbersAreWithinATolerance() {
		Findings layout = new Findings(new Tolerance(0, 1, 1));
		layout.otherLayout();
		assertThat(layout.result().within()).isTrue();
		Findings numbers = new Findings(new Tolerance(0, 0, 0.5));
		numbers.doubles("x", 1.0, 1.25);
		assertThat(numbers.result().within()).isTrue();
		assertThat(numbers.result().unexplained()).isFalse();
	}

}
