package dev.reprise.agent;

import java.io.IOException;
import java.lang.instrument.Instrumentation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

import org.jspecify.annotations.Nullable;

/**
 * Applies the recipe, watches that it stays applied, and writes the record of one
 * process.
 */
final class Harness {

	/**
	 * Exit code where a changed knob ended the process.
	 */
	static final int DRIFT = 86;

	/**
	 * Exit code where nothing could be recorded.
	 */
	static final int CANNOT_RECORD = 87;

	/**
	 * Exit code where the harness could not be put in place.
	 */
	static final int NOT_STARTED = 88;

	private static final String LOADERS = "djl.dataLoaders";

	private static final String IDENTITY = "jvm.identityHashCode";

	private final Job job;

	private final RecordFolder record;

	private final Ending ending;

	private final Path service;

	private final Places places = new Places();

	private final Readings readings;

	private final Sources sources = new Sources();

	private final Randoms randoms;

	private final Operations operations;

	private final ProcessKnobs process;

	private final Weaver weaver;

	private final List<String> gaps = new CopyOnWriteArrayList<>();

	private final Tally seedings = new Tally();

	private final Tally children = new Tally();

	private final AtomicInteger loaders = new AtomicInteger();

	private final Thread main = Thread.currentThread();

	private volatile @Nullable Torch torch;

	private volatile @Nullable Warnings warnings;

	private volatile @Nullable Tracer tracer;

	private final FutureTask<EnvironmentFile> ahead = new FutureTask<>(this::ahead);

	private final AtomicBoolean registered = new AtomicBoolean();

	private @Nullable Instrumentation instrumentation;

	Harness(Job job, RecordFolder record, Ending ending, Path service, @Nullable WovenJar woven) {
		this.job = job;
		this.record = record;
		this.ending = ending;
		this.service = service;
		this.readings = new Readings(this::step);
		this.randoms = new Randoms(job.seed(), job.asks(Randoms.KNOB));
		this.operations = new Operations(record);
		this.process = new ProcessKnobs(this.readings);
		this.weaver = new Weaver(this, job, service.toString() + "/", woven);
	}

	Places places() {
		return this.places;
	}

	Randoms randoms() {
		return this.randoms;
	}

	/**
	 * The program calls a source that has no seed. One that was to have one is not held.
	 */
	void saw(String source, String place) {
		this.sources.saw(source, place, this::step);
		if (this.job.asks(Randoms.KNOB) && Randoms.SOURCES.contains(source)) {
			this.readings.notHeld(Randoms.KNOB, Randoms.UNSEEDED, source + " at " + place + " could not be given one");
		}
	}

	/**
	 * Puts everything in place before user code runs.
	 * @throws Exception if this JVM does not let us
	 */
	void install(Instrumentation instrumentation) throws Exception {
		Hooks.to(this);
		this.instrumentation = instrumentation;
		JdkClasses.open(instrumentation, this.weaver.hook(), this::told);
		instrumentation.addTransformer(this.weaver, true);
		JdkClasses.retransform(instrumentation, this.job.asks(JdkClasses.SALT));
		// One that is loaded only now is woven as it is.
		for (String name : JdkClasses.load()) {
			if (!this.weaver.hasWoven(name)) {
				throw new IllegalStateException("the class " + name + " was not instrumented");
			}
		}
		this.process.start();
		this.readings.start(JdkClasses.SALT, JdkClasses.salt());
		this.readings.start(IDENTITY, identity());
		if (this.job.asks(Randoms.KNOB)) {
			this.readings.start(Randoms.KNOB, this.randoms.seed());
		}
		else {
			this.readings.missing(Randoms.KNOB, "not-applicable", "mode off seeds no generator");
		}
		this.readings.missing(LOADERS, "not-applicable", "no data set was iterated");
		String notLoaded = "torch was never imported: the program did not use DJL's engine";
		for (String knob : torchKnobs()) {
			this.readings.missing(knob, "not-applicable", notLoaded);
		}
		Thread.setDefaultUncaughtExceptionHandler(this::uncaught);
		writeObserved(false);
		Thread meanwhile = new Thread(null, this.ahead, "reprise");
		meanwhile.setDaemon(true);
		meanwhile.start();
	}

	/**
	 * What takes its time and is wanted only once the engine has loaded its library, or
	 * at the end: it is done beside the program.
	 */
	private EnvironmentFile ahead() throws Exception {
		Torch.prepare();
		EnvironmentFile file = new EnvironmentFile(this.record, this.service);
		file.write(null);
		if (this.job.trace() != null) {
			Tracer.prepare(ClassLoader.getSystemClassLoader());
		}
		return file;
	}

	private static List<String> torchKnobs() {
		List<String> knobs = new ArrayList<>(
				List.of(Torch.SEED, Torch.DETERMINISTIC, Torch.THREADS, Torch.INTEROP_THREADS));
		Torch.SWITCHES.forEach((one) -> knobs.add(one.knob()));
		knobs.add("torch.cuda.manual_seed_all");
		return knobs;
	}

	private static Object identity() {
		int one = System.identityHashCode(new Object());
		return (one == System.identityHashCode(new Object())) ? (Object) one : "random";
	}

	void engineReady(Object engine) {
		try {
			ClassLoader loader = engine.getClass().getClassLoader();
			Path folder = Path.of(String.valueOf(Class.forName("ai.djl.pytorch.jni.LibUtils", true, loader)
				.getMethod("getLibtorchPath")
				.invoke(null)));
			Torch opened = Torch.open(folder);
			opened.set(this.job);
			if (this.job.asks(Torch.SEED)) {
				opened.seed(this.job.seed());
			}
			read(opened).forEach(this.readings::start);
			this.readings.missing("torch.cuda.manual_seed_all", "not-applicable",
					"the engine's native library is the one for CPU");
			this.torch = opened;
			Job.Watch watch = this.job.trace();
			if (watch != null) {
				this.tracer = new Tracer(watch, opened, loader, this.record.folder().resolve("trace"));
			}
			if ("warn".equals(this.job.knobs().get(Torch.DETERMINISTIC))) {
				Warnings heard = new Warnings(opened, this::warned);
				heard.listen();
				this.warnings = heard;
			}
			writeObserved(false);
			this.ahead.get().write(opened);
		}
		catch (Throwable ex) {
			cannotWatch("the recipe could not be applied to DJL's engine: " + ex);
		}
	}

	/**
	 * Every knob as the library has it. A seed that nobody set is none.
	 */
	private Map<String, @Nullable Object> read(Torch opened) throws Throwable {
		Map<String, @Nullable Object> read = new LinkedHashMap<>(opened.read());
		if (!this.job.asks(Torch.SEED) && this.seedings.document().isEmpty()) {
			read.put(Torch.SEED, null);
		}
		return read;
	}

	int seeding(int seed) {
		int inForce = this.job.holdSeed() ? this.job.seed() : seed;
		Places.Place place = this.places.here();
		Map<String, @Nullable Object> seeding = new LinkedHashMap<>();
		seeding.put("generator", "torch");
		seeding.put("call", "Engine.setRandomSeed");
		seeding.put("value", seed);
		seeding.put("held", this.job.holdSeed());
		seeding.put("place", (place != null) ? place.place() : null);
		if (this.seedings.add(seeding, step()) == null) {
			gap("more seeds were set than are listed");
		}
		this.readings.follow(Torch.SEED, (long) inForce);
		return inForce;
	}

	void engineFailed(Throwable problem) {
		String operation = Operations.named(problem.getMessage());
		if (operation != null) {
			seen(operation, "refused", this.places.of(problem));
		}
	}

	private void warned(String text) {
		String operation = Operations.named(text);
		if (operation != null) {
			seen(operation, "warned", this.places.here());
		}
	}

	private void seen(String operation, String kind, Places.@Nullable Place place) {
		try {
			this.operations.seen(operation, kind, place);
		}
		catch (IOException ex) {
			gap("an operation could not be written down: " + ex);
		}
	}

	void listen() {
		Warnings heard = this.warnings;
		if (heard != null) {
			try {
				heard.listen();
			}
			catch (Throwable ex) {
				gap("the library's warnings could not be heard on " + Thread.currentThread().getName() + ": " + ex);
			}
		}
	}

	void changed() {
		Torch opened = this.torch;
		if (opened == null) {
			return;
		}
		try {
			Places.Place place = this.places.here();
			boolean off = false;
			for (Map.Entry<String, @Nullable Object> knob : read(opened).entrySet()) {
				off |= this.readings.again(knob.getKey(), knob.getValue(), (place != null) ? place.place() : null)
						&& isOff(knob.getKey(), knob.getValue());
			}
			if (off && this.job.failOnDrift()) {
				readEnd();
				leave(place);
			}
		}
		catch (Throwable ex) {
			gap("a changed knob could not be read: " + ex);
		}
	}

	/**
	 * Whether a value is another than the job requests, not so where it requests none.
	 */
	private boolean isOff(String knob, @Nullable Object value) {
		Object requested = this.job.knobs().get(knob);
		return requested != null && !requested.toString().equals(String.valueOf(value));
	}

	/**
	 * Ends the process where it stands: an exception could be swallowed.
	 */
	private void leave(Places.@Nullable Place place) throws IOException {
		if (this.ending.drifts(place)) {
			writeObserved(this.gaps.isEmpty());
			System.out.flush();
			System.err.println("reprise: a setting was changed by the program, and the job says onDrift: fail"
					+ ((place != null) ? " (" + place.place() + ")" : ""));
			Runtime.getRuntime().halt(DRIFT);
		}
	}

	@Nullable ExecutorService loader(@Nullable ExecutorService executor) {
		boolean one = this.job.asks(LOADERS);
		if (this.loaders.getAndIncrement() == 0) {
			this.readings.start(LOADERS, (one || executor == null) ? 1 : "several");
		}
		else if (!one && executor != null) {
			this.readings.again(LOADERS, "several", null);
		}
		return one ? null : executor;
	}

	/**
	 * What watches the steps, null where nothing does.
	 */
	@Nullable Tracer tracer() {
		return this.tracer;
	}

	/**
	 * The step that is under way, null where none are counted.
	 */
	@Nullable Long step() {
		Tracer watching = this.tracer;
		if (watching != null) {
			return watching.step();
		}
		return (this.job.trace() != null) ? 0L : null;
	}

	private Map<String, @Nullable Object> trace() {
		Tracer watching = this.tracer;
		if (watching != null) {
			return watching.document();
		}
		return Tracer.document((this.job.trace() != null) ? "no-steps" : "off", 0, 0, List.of());
	}

	/**
	 * A class of the JDK says something.
	 */
	private void told(String what, Object value) {
		try {
			if (what.equals("exit") && value instanceof Integer code) {
				this.ending.exits(code);
			}
			else if (what.equals("end") && !this.registered.getAndSet(true)) {
				JdkClasses.atTheVeryEnd(this::end);
			}
			else if (what.equals("start") && value instanceof ProcessBuilder builder) {
				started(builder.command());
			}
		}
		catch (Throwable ex) {
			gap("what the JDK told could not be noted: " + ex);
		}
	}

	private void started(List<String> command) {
		Places.Place place = this.places.here();
		List<String> argv = command.stream()
			.limit(16)
			.map((word) -> word.substring(0, Math.min(word.length(), 512)))
			.toList();
		Map<String, @Nullable Object> child = new LinkedHashMap<>();
		child.put("argv", argv);
		child.put("kind", "other");
		child.put("place", (place != null) ? place.place() : null);
		child.put("expected", false);
		child.put("why", "a process that the program started: nothing in it can be read back");
		child.put("record", null);
		if (this.children.add(child) == null) {
			gap("more processes were started than are listed");
		}
	}

	private void uncaught(Thread thread, Throwable problem) {
		if (thread == this.main) {
			this.ending.raises(problem);
		}
		System.err.print("Exception in thread \"" + thread.getName() + "\" ");
		problem.printStackTrace();
	}

	/**
	 * Something is not recorded: what was written is not complete.
	 */
	void gap(String what) {
		if (this.gaps.size() < 100 && !this.gaps.contains(what)) {
			this.gaps.add(what);
			System.err.println("reprise: " + what);
		}
	}

	/**
	 * Something that must be watched cannot be: the process ends.
	 */
	void cannotWatch(String why) {
		this.ending.notStarted(why);
	}

	/**
	 * A class that was loaded without having come by the weaver is one that nothing was
	 * seen of.
	 */
	private void checkWoven() throws IOException {
		Instrumentation all = this.instrumentation;
		if (all == null) {
			return;
		}
		for (Class<?> type : all.getAllLoadedClasses()) {
			String name = type.getName().replace('.', '/');
			if (EngineClasses.isWatched(name) && !this.weaver.isWoven(type)) {
				gap("the class " + type.getName() + " was loaded and not instrumented");
			}
		}
		if (this.torch == null && libraryLoaded()) {
			gap("DJL's engine was loaded, and its hook never fired");
		}
	}

	/**
	 * A class of the engine may be there unused; its library is not.
	 */
	private static boolean libraryLoaded() throws IOException {
		return Files.readString(Path.of("/proc/self/maps")).contains("/libtorch_cpu.so");
	}

	private void end() {
		try {
			boolean off = readEnd();
			this.ending.write(this.places);
			writeObserved(this.gaps.isEmpty());
			if (off && this.job.failOnDrift()) {
				leave(null);
			}
		}
		catch (Throwable ex) {
			System.err.println("reprise: the record could not be written to its end: " + ex);
		}
	}

	/**
	 * Reads everything back for the last time.
	 * @return whether a knob is found that has drifted off what is requested
	 */
	private boolean readEnd() throws Throwable {
		this.ahead.get();
		checkWoven();
		this.process.end();
		boolean off = end(JdkClasses.SALT, JdkClasses.salt());
		off |= end(IDENTITY, identity());
		this.readings.end(Randoms.KNOB, this.readings.inForce(Randoms.KNOB));
		if (this.readings.isRead(LOADERS)) {
			this.readings.end(LOADERS, this.job.asks(LOADERS) ? 1 : this.readings.inForce(LOADERS));
		}
		Torch opened = this.torch;
		if (opened != null) {
			for (Map.Entry<String, @Nullable Object> knob : read(opened).entrySet()) {
				off |= end(knob.getKey(), knob.getValue());
			}
		}
		this.operations.end();
		return off;
	}

	private boolean end(String knob, @Nullable Object value) {
		return this.readings.end(knob, value) && isOff(knob, value);
	}

	private void writeObserved(boolean complete) {
		Map<String, @Nullable Object> observed = new LinkedHashMap<>();
		observed.put("schema", 1);
		observed.put("process", this.record.name());
		observed.put("pid", ProcessHandle.current().pid());
		observed.put("parent", System.getenv("REPRISE_PARENT"));
		observed.put("started", "exec");
		observed.put("argv", argv());
		observed.put("imported", imported());
		observed.put("knobs", this.readings.knobs());
		observed.put("seedings", this.seedings.document());
		observed.put("drift", this.readings.drift());
		observed.put("sources", this.sources.document());
		observed.put("loaderSeed", null);
		observed.put("trace", trace());
		observed.put("children", this.children.document());
		observed.put("gaps", this.gaps);
		observed.put("complete", complete);
		try {
			this.record.write("observed.json", observed);
		}
		catch (IOException ex) {
			System.err.println("reprise: the record could not be written: " + ex);
		}
	}

	private List<String> imported() {
		List<String> imported = new ArrayList<>();
		if (this.torch != null) {
			imported.add("torch");
		}
		if (this.readings.isRead(LOADERS)) {
			imported.add("djl");
		}
		return imported;
	}

	/**
	 * What followed the launcher, without what the service put there.
	 */
	private static List<String> argv() {
		try {
			String[] words = Files.readString(Path.of("/proc/self/cmdline")).split("\0", -1);
			List<String> argv = new ArrayList<>();
			boolean program = false;
			for (int i = 1; i < words.length - 1 && argv.size() < 64; i++) {
				if (!program && words[i].equals("-cp")) {
					i++;
				}
				else if (program || !words[i].startsWith("-")) {
					program = true;
					argv.add(words[i].substring(0, Math.min(words[i].length(), 1024)));
				}
			}
			return argv;
		}
		catch (IOException ex) {
			return List.of();
		}
	}

}
