package dev.reprise.cli.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import dev.reprise.artifact.Digest;
import dev.reprise.artifact.ListedFile;
import dev.reprise.artifact.Listing;
import dev.reprise.environment.DjlFolder;
import dev.reprise.executor.Launch;
import dev.reprise.executor.Limits;
import dev.reprise.executor.local.LocalExecutor;
import dev.reprise.recipe.Recipe;
import dev.reprise.run.Watch;
import dev.reprise.run.spec.JobSpec;
import dev.reprise.run.spec.JobSpecJson;
import dev.reprise.run.spec.RuntimeSpec;
import dev.reprise.runtime.ProcessPlan;
import dev.reprise.runtime.djl.DjlRuntime;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * How long a program on the JVM takes from its start to the end of its first step: as a
 * strict job that is held and traced, and as its author would start it. A job without the
 * cache of classes stands beside.
 */
final class JvmStart {

	private static final double TARGET = 1.1;

	private static final int CORES = 2;

	private final DjlRuntime runtime;

	private final JvmProgram program;

	private final Path scratch;

	private final JobSpec spec;

	private final Recipe recipe;

	private final String cores = Machine.cores(CORES);

	private int started;

	/**
	 * A measurement.
	 * @param source the program
	 * @param scratch an empty folder
	 */
	JvmStart(DjlRuntime runtime, DjlFolder djl, Path source, Path scratch) throws IOException {
		this.runtime = runtime;
		this.scratch = scratch;
		this.program = JvmProgram.compile(source, djl, scratch);
		this.spec = JobSpecJson.read(String.format(Locale.ROOT, """
				{"seed": 42, "determinism": "strict", "runtime": {"type": "djl", "main": "%s"}, "code": "%s",
				 "resources": {"cpus": %d, "threads": 1, "memory": 2147483648, "disk": 1073741824},
				 "trace": {"every": 1, "tensors": "all", "budget": 67108864}}""", this.program.main(), code().digest(),
				this.cores.split(",", -1).length));
		this.recipe = Recipe.resolveForJvm(this.spec.determinism(), this.spec.seed(), 1, false, false,
				this.spec.onDrift());
	}

	private Listing code() throws IOException {
		byte[] bytes = Files.readAllBytes(this.program.jar());
		return new Listing(List.of(new ListedFile("app.jar", "644", bytes.length, Digest.of(bytes))));
	}

	Measurement measure(int rounds) throws IOException, InterruptedException {
		awaitCache();
		Map<Side, List<Told>> told = new EnumMap<>(Side.class);
		try (LocalExecutor executor = new LocalExecutor(InstantSource.system())) {
			for (int round = 0; round <= rounds; round++) {
				for (int i = 0; i < Side.values().length; i++) {
					Side side = Side.values()[(round + i) % Side.values().length];
					Told one = (side == Side.HAND) ? byHand() : job(executor, side == Side.JOB);
					// The first reads files from the disk.
					if (round > 0) {
						told.computeIfAbsent(side, (missing) -> new ArrayList<>()).add(one);
					}
				}
			}
		}
		Samples ratio = ratio(told, Side.JOB);
		Samples without = ratio(told, Side.COLD);
		List<String> notes = new ArrayList<>();
		notes.add(
				"job: held by the executor (what figure 5 measures is in it), agent, recipe of strict, every tensor traced, cache of classes");
		notes.add("cold: the same without the cache of classes, as where it cannot be made: " + two(without.median())
				+ " (" + without.spread(JvmStart::two) + ")");
		notes.add("where the time goes (medians, ms):");
		notes.add(String.format(Locale.ROOT, "  %-36s %6s %6s %8s", "", "job", "cold", "by hand"));
		notes.add(line("start to the program's main method", told, Told::toMain));
		notes.add(line("main method to the first step's end", told, (one) -> one.toStep() - one.toMain()));
		return new Measurement("11. bench/FirstStep.java, a program with DJL, as a job and by hand",
				"time to the first step of a job on the JVM, to by hand", two(ratio.median()),
				ratio.spread(JvmStart::two), rounds, "at most " + TARGET, ratio.median() <= TARGET,
				Arrays.stream(Side.values()).map((side) -> {
					double median = median(told.getOrDefault(side, List.of()), Told::toStep);
					return new Measurement.Bar(side.words, median, Seconds.text(median));
				}).toList(), notes);
	}

	/**
	 * A side to the program by hand, round by round.
	 */
	private static Samples ratio(Map<Side, List<Told>> told, Side side) {
		List<Told> ours = told.getOrDefault(side, List.of());
		List<Told> theirs = told.getOrDefault(Side.HAND, List.of());
		return new Samples(IntStream.range(0, ours.size())
			.mapToObj((round) -> ours.get(round).toStep() / theirs.get(round).toStep())
			.toList());
	}

	private static String line(String words, Map<Side, List<Told>> told, ToDoubleFunction<Told> part) {
		return String.format(Locale.ROOT, "  %-36s %6.0f %6.0f %8.0f", words,
				1000 * median(told.getOrDefault(Side.JOB, List.of()), part),
				1000 * median(told.getOrDefault(Side.COLD, List.of()), part),
				1000 * median(told.getOrDefault(Side.HAND, List.of()), part));
	}

	private static double median(List<Told> told, ToDoubleFunction<Told> part) {
		return new Samples(told.stream().mapToDouble(part).boxed().toList()).median();
	}

	/**
	 * The cache is made before the first job that could use one.
	 */
	private void awaitCache() throws IOException {
		if (command(true).equals(command(false))) {
			throw new IOException("no cache of classes could be made; the log says why");
		}
	}

	private List<String> command(boolean cached) throws IOException {
		List<String> command = plan().command();
		return cached ? command : command.stream().filter((word) -> !word.startsWith("-XX:AOTCache=")).toList();
	}

	private ProcessPlan plan() throws IOException {
		return this.runtime.plan(this.spec, (RuntimeSpec.Jvm) this.spec.runtime(), this.recipe, code());
	}

	private Told job(LocalExecutor executor, boolean cached) throws IOException, InterruptedException {
		Path folder = Files.createDirectory(this.scratch.resolve("job-" + this.started++));
		Path workspace = Files.createDirectory(folder.resolve("workspace"));
		for (String part : List.of("work", "outputs", "record", "inputs")) {
			Files.createDirectory(workspace.resolve(part));
		}
		Files.copy(this.program.jar(), workspace.resolve("work/app.jar"));
		ObjectNode job = JsonMapper.shared().createObjectNode();
		job.set("recipe", this.recipe.toJson());
		job.set("watch", Watch.PLAIN.forJob(this.spec));
		Files.writeString(workspace.resolve("job.json"), job.toString());
		Launch launch = new Launch(folder, workspace, command(cached), plan().environment(), plan().mounts(), List.of(),
				Launch.WORK,
				new Limits(this.spec.timeout(), this.spec.resources().memory(), this.spec.resources().disk(), 1 << 20,
						512),
				this.spec.network(), this.recipe.fixedAddressLayout(), Launch.MAX_SLOT,
				Arrays.stream(this.cores.split(",", -1)).map(Integer::valueOf).collect(Collectors.toSet()),
				folder.resolve("stdout.log"), folder.resolve("stderr.log"));
		Instant start = Instant.now();
		var ending = executor.start(launch).await();
		Told told = Told.of(start, Files.readString(launch.stdout()), Files.readString(launch.stderr()));
		String observed = Files.readString(workspace.resolve("record/main/observed.json"));
		executor.release(folder);
		if (!ending.succeeded() || !JsonMapper.shared().readTree(observed).path("complete").asBoolean()) {
			throw new IOException("the job did not end well: " + ending.message());
		}
		return told;
	}

	private Told byHand() throws IOException, InterruptedException {
		Path folder = Files.createDirectory(this.scratch.resolve("by-hand-" + this.started++));
		ProcessBuilder builder = this.program.byHand(folder, this.cores);
		Instant start = Instant.now();
		String out = ByHand.finish(builder.start(), builder);
		return Told.of(start, out, ByHand.complaint(builder));
	}

	private static String two(double value) {
		return String.format(Locale.ROOT, "%.2f", value);
	}

	private enum Side {

		JOB("job"), COLD("cold"), HAND("by hand");

		private final String words;

		Side(String words) {
			this.words = words;
		}

	}

	/**
	 * What one process told.
	 *
	 * @param toMain seconds from its start to its main method
	 * @param toStep seconds from its start to the end of its first step
	 */
	private record Told(double toMain, double toStep) {

		static Told of(Instant start, String out, String complaint) throws IOException {
			String[] words = out.strip().split(" ", -1);
			if (words.length != 2) {
				throw new IOException("the program told no times: " + out.strip() + " " + complaint.strip());
			}
			return new Told(Seconds.between(start, Instant.parse(words[0])),
					Seconds.between(start, Instant.parse(words[1])));
		}

	}

}
