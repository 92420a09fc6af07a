package dev.reprise.queue;

import java.util.Map;
import java.util.Set;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class CoresTests {

	private static final Cores PAIRS = new Cores(
			Map.of(0, Set.of(0, 2), 1, Set.of(1, 3), 2, Set.of(0, 2), 3, Set.of(1, 3)));

	@Test
	void twoRunsShareNoUnitsWhileThereAreOthers() {
		assertThat(PAIRS.choose(1, Set.of())).containsExactly(0);
		assertThat(PAIRS.choose(1, Set.of(0))).containsExactly(1);
		assertThat(PAIRS.choose(1, Set.of(0, 1))).containsExactly(2);
		Cores neighbours = new Cores(Map.of(0, Set.of(0, 1), 1, Set.of(0, 1), 2, Set.of(2, 3), 3, Set.of(2, 3)));
		assertThat(neighbours.choose(1, Set.of(0))).containsExactly(2);
	}

	@Test
	void theCoresOfOneRunLieTogether() {
		assertThat(PAIRS.choose(2, Set.of())).containsExactly(0, 2);
		assertThat(PAIRS.choose(2, Set.of(0))).containsExactly(1, 3);
		assertThat(PAIRS.choose(4, Set.of())).containsExactly(0, 1, 2, 3);
	}

	@Test
	void moreThanAreFreeAreNotGiven() {
		assertThatThrownBy(() -> PAIRS.choose(2, Set.of(0, 1, 2))).isInstanceOf(IllegalStateException.class);
	}

	@Test
	void aListOfRangesIsRead() {
		assertThat(Cores.numbers("0-2,7,9-10\n")).containsExactly(0, 1, 2, 7, 9, 10);
	}

	@Test
	void moreThanTheMachineHasAreRefusedWithTheMend() {
		assertThat(Cores.first(1).siblings()).hasSize(1);
		assertThatThrownBy(() -> Cores.first(100_000)).hasMessageContaining("reprise.capacity.cpus is 100000")
			.hasMessageContaining("give a number from 1 to");
	}

}
