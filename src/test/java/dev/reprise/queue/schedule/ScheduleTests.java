package dev.reprise.queue.schedule;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import dev.reprise.run.spec.GpuModel;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class ScheduleTests {

	private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

	private static final GpuModel H200 = new GpuModel("NVIDIA H200", false);

	private static final GpuModel L4 = new GpuModel("NVIDIA L4", false);

	private static final GpuModel PART = new GpuModel("NVIDIA A100-SXM4-40GB MIG 1g.5gb", true);

	private Amounts usable = amounts(64, 8);

	private final List<Holding> held = new ArrayList<>();

	private final List<WaitingRun> waiting = new ArrayList<>();

	private final Map<String, Double> used = new HashMap<>();

	private @Nullable String promised;

	private static Amounts amounts(int cpus, int gpus) {
		return new Amounts(cpus, 1L << 40, new TreeMap<>(Map.of(H200, gpus)));
	}

	private static Amounts some(int cpus, int gpus) {
		return new Amounts(cpus, 1 << 20, new TreeMap<>(Map.of(H200, gpus)));
	}

	private static Demand gpus(int gpus) {
		return new Demand(gpus, null, 1, 1 << 20);
	}

	private static Demand cpus(int cpus) {
		return new Demand(0, null, cpus, 1 << 20);
	}

	private ScheduleTests waits(String id, Demand demand, int minutes) {
		return waits(id, "default", 0, demand, minutes);
	}

	private ScheduleTests waits(String id, String project, int priority, Demand demand, int minutes) {
		this.waiting.add(new WaitingRun(id, 0, priority, project, demand, Duration.ofMinutes(minutes)));
		return this;
	}

	private ScheduleTests holds(String id, String project, int gpus, int endsInMinutes) {
		this.held.add(new Holding(id, project, some(1, gpus), NOW.plus(Duration.ofMinutes(endsInMinutes))));
		return this;
	}

	private Decision decide() {
		return Schedule.decide(new Situation(this.usable, this.held, this.waiting, this.used, this.promised, NOW));
	}

	private List<String> starts() {
		return decide().starts().stream().map((start) -> start.run().id()).toList();
	}

	@Test
	void whatFitsStartsInTheOrderOfAge() {
		waits("c", gpus(4), 10).waits("a", gpus(3), 10).waits("b", gpus(1), 10);
		assertThat(starts()).containsExactly("a", "b", "c");
	}

	@Test
	void aHigherPriorityStartsFirst() {
		holds("x", "default", 4, 60).waits("a", gpus(4), 10).waits("b", "default", 5, gpus(4), 10);
		assertThat(starts()).containsExactly("b");
	}

	@Test
	void theSecondOfAPriorityDoesNotOvertakeTheFirstWhereItWouldDelayIt() {
		holds("x", "default", 7, 30).waits("a", gpus(8), 600).waits("b", gpus(1), 60);
		Decision decision = decide();
		assertThat(decision.starts()).isEmpty();
		assertThat(decision.promised()).isEqualTo("a");
		assertThat(decision.waits()).containsEntry("a",
				"needs 8 GPUs of one model (1 free); its place is held for 2026-01-01T00:30:00Z at the latest");
		assertThat(decision.waits().get("b")).contains("would fit", "2026-01-01T00:30:00Z", "held for a");
	}

	@Test
	void aSmallRunFillsTheGapWhereItEndsInTime() {
		holds("x", "default", 7, 30).waits("a", gpus(8), 600).waits("b", gpus(1), 29).waits("c", gpus(1), 29);
		assertThat(starts()).as("a minute is left for what is around its time").containsExactly("b");
	}

	@Test
	void aMinuteTooLongIsTooLong() {
		holds("x", "default", 7, 30).waits("a", gpus(8), 600).waits("b", gpus(1), 30);
		assertThat(starts()).isEmpty();
	}

	@Test
	void whatTheHeadDoesNotNeedMayBeHeldForAsLongAsItLikes() {
		holds("x", "default", 6, 30).waits("a", gpus(6), 600)
			.waits("b", gpus(2), 6000)
			.waits("c", gpus(1), 6000)
			.waits("d", cpus(4), 6000);
		assertThat(starts()).as("of two GPUs that a does not need b takes both; cores there are enough")
			.containsExactly("b", "d");
	}

	@Test
	void whatIsSpareIsGivenOnce() {
		holds("x", "default", 5, 30).waits("a", gpus(7), 600).waits("b", gpus(1), 6000).waits("c", gpus(1), 6000);
		assertThat(starts()).containsExactly("b");
	}

	@Test
	void aRunThatWasPromisedAPlaceKeepsItThoughItsProjectHoldsMore() {
		holds("x", "big", 1, 30).holds("y", "small", 7, 30);
		waits("a", "big", 0, gpus(8), 600);
		this.held.set(1, new Holding("y", "other", some(1, 6), NOW.plus(Duration.ofMinutes(30))));
		waits("b", "small", 0, gpus(1), 600);
		assertThat(starts()).as("without a promise the project that holds nothing goes first").containsExactly("b");
		this.promised = "a";
		assertThat(starts()).isEmpty();
		assertThat(decide().promised()).isEqualTo("a");
	}

	@Test
	void aHigherPriorityTakesThePlaceThatWasPromised() {
		this.promised = "a";
		holds("x", "default", 1, 30).waits("a", gpus(8), 600).waits("b", "default", 1, gpus(8), 10);
		assertThat(decide().promised()).isEqualTo("b");
	}

	@Test
	void projectsTakeTurnsByWhatTheyHold() {
		for (int i = 0; i < 8; i++) {
			waits("a" + i, "first", 0, gpus(1), 10);
		}
		waits("b0", "second", 0, gpus(1), 10).waits("b1", "second", 0, gpus(1), 10);
		assertThat(starts()).containsExactly("a0", "b0", "a1", "b1", "a2", "a3", "a4", "a5");
	}

	@Test
	void aShareIsThatOfWhatIsScarcestForTheProject() {
		this.usable = amounts(8, 8);
		this.held.add(new Holding("x", "cores", some(4, 0), NOW.plusSeconds(60)));
		this.held.add(new Holding("y", "gpus", some(1, 2), NOW.plusSeconds(60)));
		waits("a", "cores", 0, cpus(2), 10).waits("b", "gpus", 0, cpus(2), 10);
		assertThat(starts()).containsExactly("b");
	}

	@Test
	void whereNobodyHoldsAnythingTheOneThatUsedLessGoesFirst() {
		this.used.put("first", 1000.0);
		waits("a", "first", 0, gpus(8), 10).waits("b", "second", 0, gpus(8), 10);
		assertThat(starts()).containsExactly("b");
	}

	@Test
	void allGpusOfARunAreOfOneModel() {
		this.usable = new Amounts(8, 1L << 40, new TreeMap<>(Map.of(H200, 2, L4, 2)));
		waits("a", gpus(3), 10).waits("b", gpus(2), 10);
		Decision decision = decide();
		assertThat(decision.starts()).hasSize(1);
		assertThat(decision.starts().getFirst().takes().gpus()).hasSize(1).containsValue(2);
		assertThat(decision.waits()).containsEntry("a", "needs 3 GPUs of one model (2 in use on this machine)");
		assertThat(decision.promised()).as("what cannot start whatever ends holds nobody back").isNull();
	}

	@Test
	void aModelIsNamedByItsWords() {
		this.usable = new Amounts(8, 1L << 40, new TreeMap<>(Map.of(H200, 1, L4, 1)));
		waits("a", new Demand(1, "h200", 1, 1), 10).waits("b", new Demand(1, "H200", 1, 1), 10)
			.waits("c", new Demand(1, "NVIDIA L4", 1, 1), 10);
		assertThat(starts()).containsExactly("a", "c");
		assertThat(new GpuModel("NVIDIA A100-SXM4-40GB", false).fits("A10")).isFalse();
		assertThat(PART.fits("A100 1g.5gb")).isTrue();
	}

	@Test
	void twoPartsOfAGpuAreNotGivenToOneRun() {
		this.usable = new Amounts(8, 1L << 40, new TreeMap<>(Map.of(PART, 7)));
		waits("a", gpus(2), 10).waits("b", gpus(1), 10).waits("c", gpus(1), 10);
		assertThat(starts()).containsExactly("b", "c");
	}

	@Test
	void theModelThatLeavesLessOverIsTaken() {
		this.usable = new Amounts(8, 1L << 40, new TreeMap<>(Map.of(H200, 8, L4, 2)));
		waits("a", gpus(1), 10);
		assertThat(decide().starts().getFirst().takes().gpus()).containsOnlyKeys(L4);
	}

	@Test
	void anAttemptThatIsPastItsTimeIsAboutToEnd() {
		holds("x", "default", 8, -5).waits("a", gpus(8), 10).waits("b", cpus(1), 10);
		Decision decision = decide();
		assertThat(decision.waits().get("a")).contains("2026-01-01T00:00:01Z");
		assertThat(decision.starts()).as("cores that a does not need").hasSize(1);
	}

	@Test
	void ofTwoThatEndAtOnceBothCountAsFree() {
		holds("x", "default", 4, 30).holds("y", "default", 4, 30);
		waits("a", new Demand(2, null, 2, 1 << 20), 600).waits("b", cpus(62), 600);
		assertThat(starts()).containsExactly("b");
	}

	@Test
	void whatCanNeverFitIsSaidAndPassedOver() {
		waits("a", new Demand(0, null, 65, 1), 10).waits("b", new Demand(0, null, 1, 1L << 41), 10)
			.waits("c", gpus(8), 10);
		Decision decision = decide();
		assertThat(decision.starts()).hasSize(1);
		assertThat(decision.waits()).containsEntry("a", "needs 65 cores (64 in use on this machine)")
			.containsEntry("b", "needs 2199023255552 bytes of memory (1099511627776 in use on this machine)");
	}

	@Test
	void anEmptyQueueIsNoMatter() {
		assertThat(decide()).isEqualTo(new Decision(List.of(), Collections.emptyMap(), null));
	}

}
