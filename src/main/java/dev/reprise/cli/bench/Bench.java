package dev.reprise.cli.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

import dev.reprise.environment.DjlFolder;
import dev.reprise.recipe.Recipe;
import dev.reprise.run.Run;
import dev.reprise.run.Runs;
import dev.reprise.runtime.djl.DjlRuntime;
import dev.reprise.runtime.python.PythonRuntime;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * Measures what Reprise costs: ratios and differences, each with both sides in one run
 * and in turns, so that what else the machine does falls on both.
 */
public final class Bench {

	private final Jobs jobs;

	private final Runs runs;

	private final PythonRuntime python;

	private final DjlRuntime jvm;

	private final DjlFolder djl;

	private final Path environment;

	private final String address;

	private final PrintStream out;

	/**
	 * A bench.
	 * @param jobs the service as a client sees it
	 * @param runs its runs
	 * @param python what it starts processes with
	 * @param jvm what it starts processes on the JVM with
	 * @param djl what those run with
	 * @param environment the folder of the environment that its jobs run in
	 * @param address where it listens, as {@code http://HOST:PORT}
	 * @param out where people read
	 */
	public Bench(Jobs jobs, Runs runs, PythonRuntime python, DjlRuntime jvm, DjlFolder djl, Path environment,
			String address, PrintStream out) {
		this.jvm = jvm;
		this.djl = djl;
		this.environment = environment;
		this.jobs = jobs;
		this.runs = runs;
		this.python = python;
		this.address = address;
		this.out = out;
	}

	/**
	 * Measures.
	 * @param home where Reprise itself lies
	 * @param scratch an empty folder
	 * @param quick whether fewer rounds will do
	 * @param markdown where the result is written too, or null
	 * @return 0 if every target holds, else 1
	 */
	public int run(Path home, Path scratch, boolean quick, @Nullable Path markdown)
			throws IOException, InterruptedException {
		Instant began = Instant.now();
		Rounds rounds = quick ? Rounds.QUICK : Rounds.FULL;
		String before = Machine.load();
		ServiceRuns service = new ServiceRuns(this.jobs);
		Path program = home.resolve("examples/digits/train.py");
		// Once, so that neither side reads the packages from the disk.
		String example = service.run(program).id();
		ByHand hand = byHand(example, scratch);
		List<Measurement> measurements = new ArrayList<>();
		add(measurements, new HashingSpeed(scratch).measure(rounds.mebibytes(), rounds.hashings()));
		StartCost start = new StartCost(service, hand, home.resolve("bench/start.py"));
		start.measure(rounds.starts());
		add(measurements, new RunCost(service, hand, program).measure(rounds.runs(), start.stages()));
		add(measurements, new StepCost(hand, home.resolve("bench/steps.py")).measure(rounds.trainers(), rounds.blocks(),
				start.harness()));
		if (Runtime.getRuntime().availableProcessors() > 1) {
			add(measurements, new SideBySide(service, hand, home.resolve("bench/beside.py")).measure(rounds.besides()));
		}
		for (Measurement measurement : new HoldingCost(scratch).measure(rounds.holds())) {
			add(measurements, measurement);
		}
		add(measurements, new CommandStart(home, scratch).measure(rounds.commands()));
		for (Measurement measurement : new TraceCost(hand, home).measure(rounds.tracers(), rounds.blocks() / 4)) {
			add(measurements, measurement);
		}
		add(measurements, new JvmStart(this.jvm, this.djl, home.resolve("bench/FirstStep.java"),
				Files.createDirectory(scratch.resolve("jvm")))
			.measure(rounds.jvms()));
		// The last: it leaves the queue full.
		add(measurements, new SubmissionRate(new RunsClient(this.address), service).measure(rounds.turns(),
				rounds.requests(), example));
		Report report = new Report(List.of(
				"Measured " + began.truncatedTo(ChronoUnit.SECONDS) + " in "
						+ Duration.between(began, Instant.now()).toSeconds() + " s"
						+ (quick ? ", with `--quick`: TOO FEW ROUNDS TO JUDGE BY" : ""),
				Machine.processor(), "Load average " + before + " before, " + Machine.load()
						+ " after (the last run itself keeps one or two cores busy)"),
				measurements);
		report.circumstances().forEach(this.out::println);
		if (markdown != null) {
			report.write(markdown);
			this.out.println("written to " + markdown);
		}
		List<Measurement> missed = report.missed();
		this.out.println(missed.isEmpty() ? "All targets held."
				: missed.stream().map(Measurement::figure).collect(Collectors.joining("; ", "Missed: ", "")));
		if (quick) {
			this.out.println("This was --quick: too few rounds to judge by.");
		}
		return missed.isEmpty() ? 0 : 1;
	}

	/**
	 * Measures the start of a job on the JVM alone.
	 * @return 0 if the target holds, else 1
	 */
	public static int jvm(DjlRuntime jvm, DjlFolder djl, Path home, Path scratch, PrintStream out)
			throws IOException, InterruptedException {
		Measurement measured = new JvmStart(jvm, djl, home.resolve("bench/FirstStep.java"), scratch)
			.measure(Rounds.FULL.jvms());
		out.println(Report.text(measured));
		return measured.met() ? 0 : 1;
	}

	private void add(List<Measurement> measurements, Measurement measurement) {
		measurements.add(measurement);
		this.out.println(Report.text(measurement));
	}

	private ByHand byHand(String id, Path scratch) {
		Run run = this.runs.get(id);
		Recipe recipe = Recipe.fromJson(JsonMapper.shared().readTree(this.runs.recipeJson(id)));
		return new ByHand(run, recipe, this.python.plan(run.spec(), recipe, this.environment), scratch);
	}

	/**
	 * How often each thing is measured.
	 *
	 * @param mebibytes of the file that is hashed
	 * @param hashings pairs of hashings
	 * @param starts rounds of the program that only starts
	 * @param runs pairs of whole runs
	 * @param trainers pairs of training processes
	 * @param blocks of steps in each
	 * @param tracers processes for each size of a model
	 * @param besides pairs of one job alone and two at once
	 * @param holds rounds of a program that is held and one that is cancelled
	 * @param jvms rounds of a program on the JVM
	 * @param commands rounds of a command that has hardly anything to do
	 * @param turns pairs of turns of submissions and of GETs
	 * @param requests in a turn
	 */
	private record Rounds(int mebibytes, int hashings, int starts, int runs, int trainers, int blocks, int tracers,
			int besides, int holds, int jvms, int commands, int turns, int requests) {

		static final Rounds FULL = new Rounds(1024, 9, 7, 7, 5, 16, 3, 7, 21, 15, 15, 7, 2000);

		static final Rounds QUICK = new Rounds(64, 2, 1, 1, 1, 4, 1, 1, 3, 1, 1, 1, 200);

	}

}
