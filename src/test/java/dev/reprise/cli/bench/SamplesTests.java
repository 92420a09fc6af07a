package dev.reprise.cli.bench;

import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class SamplesTests {

	@Test
	void theMedianOfAnOddNumberIsTheMiddleOne() {
		assertThat(new Samples(List.of(3.0, 1.0, 100.0)).median()).isEqualTo(3.0);
	}

	@Test
	void theMedianOfAnEvenNumberIsBetweenTheMiddleTwo() {
		assertThat(new Samples(List.of(4.0, 1.0, 100.0, 2.0)).median()).isEqualTo(3.0);
	}

	@Test
	void theSpreadIsLeastToMost() {
		assertThat(new Samples(List.of(4.0, 1.0, 2.0)).spread((value) -> value + " s")).isEqualTo("1.0 s to 4.0 s");
	}

	@Test
	void nothingHasNoMedian() {
		assertThatIllegalArgumentException().isThrownBy(() -> new Samples(List.of()));
	}

}
