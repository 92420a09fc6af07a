package dev.reprise.replay.cost;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

import io.swagger.v3.oas.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * What a job costs with and without, as clients see it.
 *
 * @param id the id
 * @param original the run that is measured
 * @param state {@code PENDING}, {@code DONE} or {@code FAILED}
 * @param reason why it failed, or null
 * @param rounds how often each arm is run
 * @param arms in the order in which they take turns
 * @param ratios of each arm to the one that has less, of the last of a round to its
 * first; empty until there is a round
 * @param statement the whole in words
 * @param createdAt when it was asked for
 */
@Schema(name = "Cost")
record CostView(String id, String original, String state, @Nullable String reason, int rounds, List<ArmView> arms,
		List<Ratio> ratios, String statement, Instant createdAt) {

	private static final double NANOS = 1e9;

	CostView {
		arms = List.copyOf(arms);
		ratios = List.copyOf(ratios);
	}

	/**
	 * The state of a measurement.
	 * @param runs in the order in which they were made
	 */
	static CostView of(CostRow row, List<CostRun> runs) {
		List<ArmView> arms = new ArrayList<>();
		for (int i = 0; i < row.arms().size(); i++) {
			int turn = i;
			List<RunView> own = runs.stream()
				.filter((run) -> run.position() % row.arms().size() == turn)
				.map(RunView::of)
				.toList();
			arms.add(new ArmView(row.arms().get(i), row.arms().get(i).title(), own,
					Spread.of(values(own, RunView::secondsPerStep)), Spread.of(values(own, RunView::seconds))));
		}
		List<Ratio> ratios = new ArrayList<>();
		for (int i = 0; i < arms.size(); i++) {
			for (int j = i + 1; j < arms.size(); j++) {
				ratios.add(new Ratio(arms.get(i).arm(), arms.get(j).arm(),
						byRound(arms.get(i), arms.get(j), RunView::secondsPerStep),
						byRound(arms.get(i), arms.get(j), RunView::seconds)));
			}
		}
		return new CostView(row.id(), row.original(), row.state(), row.reason(), row.rounds(), arms, ratios,
				words(row, arms, ratios), row.createdAt());
	}

	private static List<Double> values(List<RunView> runs, Function<RunView, @Nullable Double> of) {
		List<Double> values = new ArrayList<>();
		for (RunView run : runs) {
			Double value = of.apply(run);
			if (value != null) {
				values.add(value);
			}
		}
		return values;
	}

	/**
	 * What shifts slowly on a machine shifts both runs of a round alike, so that they are
	 * divided before anything is summed up.
	 */
	private static @Nullable Spread byRound(ArmView with, ArmView without, Function<RunView, @Nullable Double> of) {
		List<Double> ratios = new ArrayList<>();
		for (int i = 0; i < Math.min(with.runs().size(), without.runs().size()); i++) {
			Double one = of.apply(with.runs().get(i));
			Double other = of.apply(without.runs().get(i));
			if (one != null && other != null && other > 0) {
				ratios.add(one / other);
			}
		}
		return Spread.of(ratios);
	}

	private static String words(CostRow row, List<ArmView> arms, List<Ratio> ratios) {
		if (row.state().equals("FAILED")) {
			return "Not measured: " + row.reason();
		}
		if (row.state().equals("PENDING")) {
			int done = arms.stream()
				.mapToInt((arm) -> (int) arm.runs().stream().filter(RunView::measured).count())
				.sum();
			return done + " of " + row.rounds() * arms.size() + " runs are measured.";
		}
		boolean steps = ratios.stream().allMatch((ratio) -> ratio.perStep() != null);
		List<String> parts = new ArrayList<>();
		for (Ratio ratio : ratios) {
			Spread spread = steps ? ratio.perStep() : ratio.run();
			if (spread != null && ratio.to() == Arm.PLAIN) {
				parts.add(String.format(Locale.ROOT, "%s %.3f times (%.3f to %.3f)", ratio.of().title(),
						spread.median(), spread.min(), spread.max()));
			}
		}
		return (steps ? "A step takes, against one without recipe and trace, "
				: "It made too few steps to time them. The whole run takes, against one without recipe and trace, ")
				+ String.join(", ", parts) + ": the median over " + row.rounds()
				+ ((row.rounds() == 1) ? " round" : " rounds") + ", and the least and the most."
				+ ((row.rounds() == 1) ? " One round shows no spread: ask for more." : "");
	}

	/**
	 * One way of running it.
	 *
	 * @param arm which
	 * @param title in words
	 * @param runs in the order of the rounds
	 * @param secondsPerStep over the rounds, null where no run made two steps
	 * @param seconds of the whole process, over the rounds; null where none has ended
	 */
	@Schema(name = "CostArm")
	record ArmView(@Schema(implementation = String.class) Arm arm, String title, List<RunView> runs,
			@Nullable Spread secondsPerStep, @Nullable Spread seconds) {

		ArmView {
			runs = List.copyOf(runs);
		}

	}

	/**
	 * One run.
	 *
	 * @param run its id
	 * @param steps how many it made, null until it has ended
	 * @param secondsPerStep mean, from the end of its first step to that of its last
	 * @param seconds from the start of its process to its end
	 * @param ranBeside what ran beside it
	 */
	@Schema(name = "CostRun")
	record RunView(String run, @Nullable Long steps, @Nullable Double secondsPerStep, @Nullable Double seconds,
			@Nullable String ranBeside) {

		static RunView of(CostRun run) {
			Long step = run.stepNanos();
			Long whole = run.runNanos();
			return new RunView(run.run(), run.steps(), (step != null) ? step / NANOS : null,
					(whole != null) ? whole / NANOS : null, run.ranBeside());
		}

		boolean measured() {
			return this.steps != null;
		}

	}

	/**
	 * How much longer it takes one way than another, divided round by round.
	 *
	 * @param of the one
	 * @param to the other, which has less
	 * @param perStep a step; null where none was timed
	 * @param run the whole process
	 */
	@Schema(name = "CostRatio")
	record Ratio(@Schema(implementation = String.class) Arm of, @Schema(implementation = String.class) Arm to,
			@Nullable Spread perStep, @Nullable Spread run) {
	}

}
