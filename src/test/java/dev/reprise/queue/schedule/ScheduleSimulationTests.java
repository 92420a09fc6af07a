package dev.reprise.queue.schedule;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;

import dev.reprise.run.spec.GpuModel;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A machine that lives for some simulated hours under a schedule, with runs that come,
 * end early or at their limit, and GPUs that go and come back. A seed that fails fails
 * again.
 */
class ScheduleSimulationTests {

	private static final GpuModel H200 = new GpuModel("NVIDIA H200", false);

	private static final GpuModel L4 = new GpuModel("NVIDIA L4", false);

	private static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");

	private static final int STEPS = 400;

	@ParameterizedTest
	@ValueSource(longs = { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12 })
	void nothingIsGivenTwiceNoPlaceIsMovedAndAllStart(long seed) {
		new Machine(seed).live();
	}

	private static final class Machine {

		private final Random random;

		private final List<WaitingRun> waiting = new ArrayList<>();

		private final Map<String, Holding> held = new HashMap<>();

		private final Map<String, Instant> ends = new HashMap<>();

		private final Usage usage = new Usage();

		private final Set<String> started = new HashSet<>();

		private Amounts usable = new Amounts(32, 256, new TreeMap<>(Map.of(H200, 8, L4, 4)));

		private Instant now = BEGIN;

		private @Nullable String promised;

		private @Nullable Instant promisedFor;

		private int count;

		Machine(long seed) {
			this.random = new Random(seed);
		}

		void live() {
			for (int step = 0; step < STEPS; step++) {
				if (this.random.nextInt(3) > 0) {
					come();
				}
				if (this.random.nextInt(100) == 0) {
					int gpus = 7 + this.random.nextInt(2);
					if (this.held.values().stream().mapToInt(ScheduleSimulationTests::h200s).sum() <= gpus) {
						this.usable = new Amounts(32, 256, new TreeMap<>(Map.of(H200, gpus, L4, 4)));
						// A place that was held for more GPUs than there are is none.
						this.promisedFor = null;
					}
				}
				tick(Duration.ofSeconds(this.random.nextInt(600)));
			}
			this.usable = new Amounts(32, 256, new TreeMap<>(Map.of(H200, 8, L4, 4)));
			this.promisedFor = null;
			for (int step = 0; !this.waiting.isEmpty(); step++) {
				assertThat(step).as("the queue empties").isLessThan(20_000);
				tick(Duration.ofMinutes(10));
			}
			assertThat(this.started).hasSize(this.count);
		}

		private void come() {
			String id = String.format("%06d", this.count++);
			int gpus = switch (this.random.nextInt(20)) {
				case 0 -> 8;
				case 1, 2 -> 4;
				case 3, 4, 5, 6, 7, 8 -> 1;
				default -> 0;
			};
			String model = (gpus == 8) ? "H200" : (this.random.nextBoolean() ? null : "L4");
			Demand demand = new Demand(gpus, (gpus > 0) ? model : null, 1 + this.random.nextInt(8),
					1 + this.random.nextInt(32));
			this.waiting.add(new WaitingRun(id, 0, (this.random.nextInt(10) == 0) ? 1 : 0, "p" + this.random.nextInt(4),
					demand, Duration.ofMinutes(1 + this.random.nextInt(240))));
		}

		private void tick(Duration time) {
			this.now = this.now.plus(time);
			this.ends.entrySet().removeIf((entry) -> {
				boolean over = !entry.getValue().isAfter(this.now);
				if (over) {
					Holding holding = java.util.Objects.requireNonNull(this.held.remove(entry.getKey()));
					this.usage.add(holding.project(), holding.amounts().shareOf(this.usable), time, this.now);
				}
				return over;
			});
			Situation situation = situation();
			Decision decision = Schedule.decide(situation);
			assertThat(decision).as("decided again").isEqualTo(Schedule.decide(shuffled(situation)));
			check(situation, decision);
			decision.starts().forEach(this::start);
			keep(decision);
			assertThat(Schedule.decide(situation()).starts()).as("nothing that may start is left over").isEmpty();
		}

		private Situation situation() {
			return new Situation(this.usable, List.copyOf(this.held.values()), this.waiting, this.usage.at(this.now),
					this.promised, this.now);
		}

		private Situation shuffled(Situation situation) {
			List<WaitingRun> other = new ArrayList<>(situation.waiting());
			Collections.shuffle(other, new Random(0));
			List<Holding> otherHeld = new ArrayList<>(situation.held());
			Collections.shuffle(otherHeld, new Random(0));
			return new Situation(situation.usable(), otherHeld, other, situation.used(), situation.promised(),
					situation.now());
		}

		private void check(Situation situation, Decision decision) {
			Amounts all = this.held.values()
				.stream()
				.map(Holding::amounts)
				.reduce(new Amounts(0, 0, new TreeMap<>()), Amounts::plus);
			for (Decision.Start start : decision.starts()) {
				all = all.plus(start.takes());
				Demand demand = start.run().demand();
				assertThat(start.takes().cpus()).isEqualTo(demand.cpus());
				assertThat(start.takes().memory()).isEqualTo(demand.memory());
				assertThat(start.takes().gpus().values().stream().mapToInt(Integer::intValue).sum())
					.isEqualTo(demand.gpus());
				assertThat(start.takes().gpus()).hasSizeLessThanOrEqualTo(1);
			}
			assertThat(situation.usable().holds(all)).as("no more is given out than there is: %s", all).isTrue();
			assertThat(decision.starts().size() + decision.waits().size()).isEqualTo(this.waiting.size());
		}

		private void start(Decision.Start start) {
			WaitingRun run = start.run();
			assertThat(this.started.add(run.id())).as("started once").isTrue();
			this.waiting.remove(run);
			this.held.put(run.id(), new Holding(run.id(), run.project(), start.takes(), run.latestEnd(this.now)));
			long most = run.timeout().plus(WaitingRun.AROUND).toSeconds();
			long takes = this.random.nextBoolean() ? most : 1 + (long) (this.random.nextDouble() * most);
			this.ends.put(run.id(), this.now.plusSeconds(takes));
			if (run.id().equals(this.promised)) {
				this.promised = null;
				this.promisedFor = null;
			}
		}

		/**
		 * A place that is held for a run is never moved to a later time, unless a higher
		 * priority took it.
		 */
		private void keep(Decision decision) {
			String next = decision.promised();
			if (next == null) {
				this.promised = null;
				this.promisedFor = null;
				return;
			}
			Instant place = Instant.parse(java.util.Objects.requireNonNull(decision.waits().get(next))
				.replaceAll(".*held for (\\S+) at the latest", "$1"));
			boolean same = next.equals(this.promised);
			Instant before = this.promisedFor;
			boolean overtaken = decision.starts().stream().anyMatch((start) -> start.run().priority() > 0);
			if (same && before != null && !overtaken) {
				// Past its time an attempt may end at any moment: the place is as good as
				// now.
				assertThat(place).as("the place of %s", next)
					.isBeforeOrEqualTo(before.isAfter(this.now) ? before : this.now.plusSeconds(1));
			}
			this.promised = next;
			this.promisedFor = place;
		}

	}

	private static int h200s(Holding holding) {
		return holding.amounts().gpus().getOrDefault(H200, 0);
	}

}
