package dev.reprise.diff.engine.names;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;

/**
 * Names that carry when, where or in which process they were written, and names that only
 * look so.
 */
class NamePairsTests {

	private static final Instant START = Instant.parse("2026-12-31T23:50:00Z");

	private static final RunFacts LEFT = new RunFacts(START, START.plusSeconds(1200), Set.of(7L), "node-1");

	private static final RunFacts RIGHT = new RunFacts(START.plusSeconds(86_400), START.plusSeconds(87_600), Set.of(9L),
			"node-2");

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			Dec31_23-51-02_node-1/a                | Jan01_23-52-02_node-2/a             | host, month-day-time
			Jan01_00-01-02_node-1/a                | Jan01_23-52-02_node-2/a             | host, month-day-time
			20270101-054102Z.json                  | 20270102-054202Z.json               | date-time
			2027-01-01 00:01:02.txt                | 2027-01-02 00:02:03.txt             | date-time
			2026-12-31_23-51.txt                   | 2027-01-01_23-52.txt                | date-time
			2026_12_31_at_23_51_02.txt             | 2027_01_01_at_23_52_03.txt          | date-time
			23h51m02                               |                                     |
			2026-12-31_23h51m02.txt                | 2027-01-01_23h52m03.txt             | date-time
			offline-run-20261231_235102-abcdefgh/x | offline-run-20270101_235202-01234567/x | wandb-run
			time=1798761062.csv                    | time=1798847462.csv                 | epoch
			core.7                                 | core.9                              | pid
			a.pid7/b                               | a.pid9/b                            | pid
			events.out.tfevents.1798761062.10.0.0.5.7.0 | events.out.tfevents.1798847462.10.0.0.6.9.0 | tensorboard
			events.out.tfevents.1798761062.n.7.0.v2 | events.out.tfevents.1798847462.m.9.0.v2 | tensorboard
			events.out.tfevents.1798761062.node-1  | events.out.tfevents.1798847462.node-2 | epoch, host""")
	void namesOfOneFormArePaired(String left, String right, String rule) {
		if (right == null) {
			assertThat(VaryingName.of(left, "", LEFT)).isNull();
			return;
		}
		assertThat(NamePairs.of(LEFT, List.of(left), RIGHT, List.of(right)))
			.containsExactly(new NamePairs.Pair(left, right, rule));
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			global_step1798761062        | global_step1798847462
			global-step=1798761062       | global-step=1798847462
			epoch-1798761062.pt          | epoch-1798847462.pt
			Seed_1798761062              | Seed_1798847462
			lr=1798761062                | lr=1798847462
			v1798761062                  | v1798847462
			model-v20261231              | model-v20270101
			shard_20261231_235102        | shard_20270101_235202
			1798761062abc                | 1798847462abc
			abc1798761062                | abc1798847462
			17987610620                  | 17988474620
			-1798761062.pt/x/1.5         | -1798847462.pt/x/1.6
			2026-12-31_23-51-02_100.txt  | 2027-01-01_23-52-02_200.txt
			20261231_100                 | 20270101_200
			20261231_10000               | 20270101_20000
			core.8                       | core.9
			core.7.1                     | core.9.2
			pid7pid                      | pid9pidx
			xpid7                        | xpid9
			node-12                      | node-21
			snode-1                      | snode-2
			events.out.tfevents.1.n.7.0  | events.out.tfevents.2.n.9.0
			run-20261231_235102-abcdefghi | run-20270101_235202-012345678
			run-20261231_235102-ABCDEFGH | run-20270101_235202-ABCDEFGI
			Dec31_23-51-02_a             | Jan01_23-52-02_b
			Foo31_23-51-02               | Foo01_23-52-02
			/time /                      | 1798847462""")
	void otherNamesAreNot(String left, String right) {
		assertThat(NamePairs.of(LEFT, List.of(left), RIGHT, List.of(right))).isEmpty();
	}

	@Test
	void runWhoseTimeIsNotKnownHasNoTimesInItsNames() {
		RunFacts unknown = new RunFacts(null, START.plusSeconds(1200), Set.of(), null);
		for (String name : List.of("t_1798761062", "2026-12-31_23-51-02", "Dec31_23-51-02", "20261231")) {
			assertThat(VaryingName.of(name, "", LEFT)).isNotNull();
			assertThat(VaryingName.of(name, "", unknown)).isNull();
		}
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 2, 3, 4 })
	void pairsAreOneToOneAndMirrored(int seed) {
		Random random = new Random(seed);
		for (int i = 0; i < 200; i++) {
			List<String> left = paths(random, 1_798_761_000L);
			List<String> right = paths(random, 1_798_847_400L);
			List<NamePairs.Pair> pairs = NamePairs.of(LEFT, left, RIGHT, right);
			assertThat(pairs.stream().map(NamePairs.Pair::left)).doesNotHaveDuplicates().isSubsetOf(left);
			assertThat(pairs.stream().map(NamePairs.Pair::right)).doesNotHaveDuplicates().isSubsetOf(right);
			assertThat(pairs).allSatisfy((pair) -> {
				assertThat(right).doesNotContain(pair.left());
				assertThat(left).doesNotContain(pair.right());
			});
			assertThat(NamePairs.of(RIGHT, right, LEFT, left)).containsExactlyInAnyOrderElementsOf(pairs.stream()
				.map((pair) -> new NamePairs.Pair(/* left= */ pair.right(), /* right= */ pair.left(), pair.rule()))
				.toList());
		}
	}

	private static List<String> paths(Random random, long base) {
		Set<String> paths = new HashSet<>();
		for (int i = 0; i < 8; i++) {
			paths.add("run_" + (base + random.nextInt(4)) + "/"
					+ List.of("a", "b", "t_" + (base + random.nextInt(3))).get(random.nextInt(3)));
		}
		return new ArrayList<>(paths);
	}

	@Test
	void hostileNamesAreReadInTime() {
		List<String> left = new ArrayList<>();
		List<String> right = new ArrayList<>();
		List<String> parts = List.of("0", "1798761062.", "2026-12-31_", "events.out.tfevents.1798761062.", ".7.0",
				"pid7.", "node-1", "step_", "20261231", "=", "Dec31_23-51-02");
		Random random = new Random(5);
		for (int i = 0; i < 20_000; i++) {
			String name = String.join("", Collections.nCopies(64, parts.get(random.nextInt(parts.size()))))
					+ parts.get(random.nextInt(parts.size()));
			String cut = name.substring(0, Math.min(250, name.length()));
			left.add("x/" + cut + i);
			right.add("x/" + cut + "-" + i);
		}
		left.add(String.join("/", Collections.nCopies(500, "d")));
		right.add(String.join("/", Collections.nCopies(500, "d")));
		org.junit.jupiter.api.Assertions.assertTimeout(Duration.ofSeconds(60),
				() -> assertThatNoException().isThrownBy(() -> NamePairs.of(LEFT, left, RIGHT, right)));
	}

}
