package dev.reprise.cli.local;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import dev.reprise.artifact.Digest;
import dev.reprise.artifact.FolderBefore;
import dev.reprise.artifact.Folders;
import dev.reprise.artifact.OutputListing;
import dev.reprise.executor.Ending;
import dev.reprise.executor.local.BareJob;
import dev.reprise.http.TimeSortedId;
import dev.reprise.queue.AttemptEnd;
import dev.reprise.recipe.Recipe;
import dev.reprise.record.RecordCopy;
import dev.reprise.record.RunRecord;
import dev.reprise.run.RunState;
import dev.reprise.run.Watch;
import dev.reprise.run.spec.EnvironmentSpec;
import dev.reprise.run.spec.JobSpec;
import dev.reprise.run.spec.JobSpecJson;
import dev.reprise.run.spec.Network;
import dev.reprise.run.spec.Resources;
import dev.reprise.run.spec.TraceSpec;
import dev.reprise.runtime.python.HarnessFiles;
import dev.reprise.runtime.python.HarnessPlaces;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Runs one command on this machine, from its record folder to its exit code.
 */
public final class LocalRun {

	/**
	 * Exit code where Reprise itself could not do its part, or was told wrong: nothing
	 * was run, or what was run was not recorded to the end.
	 */
	public static final int FAILED = 125;

	/**
	 * Exit code of a run that was cancelled.
	 */
	public static final int CANCELLED = 130;

	/**
	 * Exit code of a program that returned 0 and of which nothing says that the recipe
	 * was applied.
	 */
	public static final int UNRECORDED = 87;

	private static final Duration GRACE = Duration.ofSeconds(5);

	private static final Duration COLLECTING = Duration.ofMinutes(5);

	private final LocalSettings settings;

	private final Path work;

	private final Path cache;

	private final PrintStream err;

	private final Clock clock = Clock.systemUTC();

	private final CountDownLatch done = new CountDownLatch(1);

	/**
	 * Prepares a run.
	 * @param work the working folder
	 * @param cache Reprise's folder below the cache
	 * @param err where people read what Reprise says
	 */
	public LocalRun(LocalSettings settings, Path work, Path cache, PrintStream err) throws IOException {
		this.settings = settings;
		this.work = work.toRealPath();
		this.cache = Files.createDirectories(cache).toRealPath();
		this.err = err;
	}

	/**
	 * Runs it.
	 * @param program how this command is called, for what to type next
	 * @return the exit code
	 * @throws IOException if something of Reprise's own cannot be written
	 * @throws IllegalArgumentException if a setting is out of its range
	 */
	public int run(String program) throws IOException, InterruptedException {
		String id = new TimeSortedId(this.clock).next();
		Recipe recipe = this.settings.recipe();
		Path wanted = this.settings.record();
		LocalRecord record = LocalRecord
			.create((wanted != null) ? wanted.toAbsolutePath().normalize() : this.cache.resolve("records").resolve(id));
		try {
			return run(id, recipe, record, program);
		}
		finally {
			// The hook ends this process as soon as it may.
			this.done.countDown();
		}
	}

	private int run(String id, Recipe recipe, LocalRecord record, String program)
			throws IOException, InterruptedException {
		try (Slot slot = Slot.take(this.cache)) {
			Path temp = Files.createDirectories(this.cache.resolve("tmp"));
			Path supervisor = Files.createTempDirectory(temp, "job-");
			try {
				Recipe here = here(recipe, slot);
				FolderBefore before = FolderBefore.look(this.work, Set.of(record.folder(), this.cache),
						FolderBefore.LIMITS);
				Path harness = HarnessFiles.layOut(this.cache.resolve("harness"), temp);
				ObjectNode job = job(id, here);
				Files.writeString(slot.workspace().resolve("job.json"), job.toPrettyString());
				return execute(start(supervisor, id, here, slot, harness, record), here, before, slot, job, record,
						program);
			}
			finally {
				Folders.remove(supervisor);
			}
		}
	}

	private int execute(BareJob.Start start, Recipe recipe, FolderBefore before, Slot slot, ObjectNode job,
			LocalRecord record, String program) throws IOException, InterruptedException {
		BareJob process = BareJob.start(start, this.clock);
		Thread hook = new Thread(() -> cancel(process));
		Runtime.getRuntime().addShutdownHook(hook);
		try {
			Ending ending = process.await();
			RunRecord observed = RunRecord.read(slot.workspace());
			AttemptEnd end = AttemptEnd.of(spec(recipe), ending, observed);
			TraceSpec trace = this.settings.trace();
			OutputListing outputs = record.write(this.work, before, slot, job, end, ending, this.settings.digestsOnly(),
					(trace != null) ? trace.kept(Long.MAX_VALUE / 2) : RecordCopy.Bounds.NONE);
			new LocalReport(this.settings, recipe, record.folder(), this.err).print(end, ending, observed, outputs,
					before, new LastRecord(this.cache, this.work).replace(record.folder()), program);
			return exitCode(end, ending);
		}
		finally {
			remove(hook);
		}
	}

	private static void remove(Thread hook) {
		try {
			Runtime.getRuntime().removeShutdownHook(hook);
		}
		catch (IllegalStateException ex) {
			// It is at work, and ends this process with its own exit code.
		}
	}

	/**
	 * What Ctrl-C or a kind kill does: the job is asked, then ended, and what it left is
	 * collected.
	 */
	private void cancel(BareJob process) {
		process.interrupt();
		try {
			if (!this.done.await(GRACE.toMillis(), TimeUnit.MILLISECONDS)) {
				process.kill();
				this.done.await(COLLECTING.toMillis(), TimeUnit.MILLISECONDS);
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		Runtime.getRuntime().halt(CANCELLED);
	}

	private static int exitCode(AttemptEnd end, Ending ending) {
		if (end.state() == RunState.CANCELLED) {
			return CANCELLED;
		}
		Integer code = ending.exitCode();
		if (code == null) {
			return FAILED;
		}
		return (code == 0 && end.state() != RunState.SUCCEEDED) ? UNRECORDED : code;
	}

	private BareJob.Start start(Path supervisor, String id, Recipe recipe, Slot slot, Path harness,
			LocalRecord record) {
		Map<String, String> own = new TreeMap<>(this.settings.env());
		String path = System.getenv("PYTHONPATH");
		if (path != null) {
			own.putIfAbsent("PYTHONPATH", path);
		}
		Map<String, String> variables = new HarnessPlaces(harness.toString(), slot.workspace().toString())
			.variables(own, recipe);
		return new BareJob.Start(supervisor, id, this.settings.command(), variables,
				CallerVariables.without(System.getenv(), recipe), this.work, recipe.fixedAddressLayout(),
				record.stdout(), record.stderr(), new FileOutputStream(FileDescriptor.out),
				new FileOutputStream(FileDescriptor.err));
	}

	/**
	 * The recipe with the caches of compilers in folders of this run's own: in the
	 * sandbox they are so by themselves.
	 */
	private static Recipe here(Recipe recipe, Slot slot) {
		ObjectNode json = recipe.toJson();
		for (JsonNode knob : json.path("knobs")) {
			String name = knob.path("name").asString();
			if (name.equals("TORCHINDUCTOR_CACHE_DIR")) {
				((ObjectNode) knob).put("value", slot.workspace().resolve("inductor").toString());
			}
			else if (name.equals("TRITON_CACHE_DIR")) {
				((ObjectNode) knob).put("value", slot.workspace().resolve("triton").toString());
			}
		}
		return Recipe.fromJson(json);
	}

	private ObjectNode job(String id, Recipe recipe) {
		ObjectNode job = JsonMapper.shared().createObjectNode();
		job.put("schema", 1).put("run", id).put("attempt", 1);
		JobSpec of = spec(recipe);
		ObjectNode spec = JobSpecJson.write(of);
		// Nothing of this is held here.
		spec.remove("timeout");
		((ObjectNode) spec.path("resources")).remove(List.of("memory", "disk", "gpus", "gpuModel"));
		job.set("spec", spec);
		job.set("recipe", recipe.toJson());
		job.set("watch", Watch.PLAIN.forJob(of));
		return job;
	}

	private JobSpec spec(Recipe recipe) {
		Map<String, String> env = new TreeMap<>(CallerVariables.recorded(System.getenv(), recipe));
		env.putAll(this.settings.env());
		return new JobSpec(null, this.settings.seed(), this.settings.mode(), this.settings.runtime(),
				Digest.of(new byte[0]), new EnvironmentSpec.Named("local"), Map.of(), List.of("**"), env,
				new Resources(0, null, Runtime.getRuntime().availableProcessors(), this.settings.threads(), 1, 1),
				Duration.ofSeconds(1), 1, 0, "default", Network.HOST, this.settings.portable(),
				this.settings.holdSeed(), this.settings.onDrift(), false, this.settings.trace(), Map.of());
	}

}
