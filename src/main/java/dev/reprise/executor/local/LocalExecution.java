package dev.reprise.executor.local;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import dev.reprise.executor.Cause;
import dev.reprise.executor.Ending;
import dev.reprise.executor.Execution;
import dev.reprise.executor.Launch;
import org.jspecify.annotations.Nullable;

/**
 * One attempt on this machine: holds the supervisor's pipe, copies the logs, watches the
 * limits that the kernel does not hold, and says who ended it.
 */
final class LocalExecution implements Execution {

	private static final Duration LOOK = Duration.ofMillis(100);

	private static final long NEVER = Long.MAX_VALUE;

	private final Launch launch;

	private final InstantSource clock;

	private final Duration grace;

	private final Instant startedAt;

	private final CompletableFuture<Ending> ending = new CompletableFuture<>();

	/** What is not held as hard as it could be, in sentences. */
	private volatile List<String> soft = List.of();

	private volatile @Nullable Process process;

	private volatile @Nullable OutputStream pipe;

	private volatile @Nullable AttemptFiles files;

	private @Nullable Verdict recorded;

	/** Nanoseconds until the pipe is closed, counted from {@link #begun}. */
	private volatile long closeAfter = NEVER;

	private volatile long closedAfter = NEVER;

	private volatile long begun;

	private boolean sawPython;

	private long peak;

	LocalExecution(Launch launch, InstantSource clock, Duration grace) {
		this.launch = launch;
		this.clock = clock;
		this.grace = grace;
		this.startedAt = clock.instant();
		this.sawPython = JobProcesses.asksForPython(launch.command());
	}

	/**
	 * Nothing was started.
	 */
	void fail(String words) {
		this.ending.complete(new Ending(Cause.START, null, words, false, this.startedAt, this.clock.instant(), null,
				false, false, this.soft, null));
	}

	/**
	 * To be said before anything is started.
	 */
	void soft(List<String> sentences) {
		this.soft = List.copyOf(sentences);
	}

	/**
	 * Takes over a supervisor that was just started.
	 */
	void run(Process supervisor, AttemptFiles attemptFiles, ControlGroup group, Disk disk) {
		this.begun = System.nanoTime();
		this.process = supervisor;
		this.pipe = supervisor.getOutputStream();
		this.files = attemptFiles;
		synchronized (this) {
			if (this.recorded != null) {
				// cancelled while it was being started
				closePipe();
			}
		}
		LogBudget budget = new LogBudget(this.launch.limits());
		String name = "reprise-" + supervisor.pid();
		List<LogPump> pumps = List.of(
				new LogPump(name + "-stdout", supervisor.getInputStream(), this.launch.stdout(), budget, this::end),
				new LogPump(name + "-stderr", supervisor.getErrorStream(), this.launch.stderr(), budget, this::end));
		pumps.forEach(LogPump::start);
		JobProcesses processes = new JobProcesses(supervisor.toHandle(), group);
		disk.watch(name + "-disk", processes::all, (message) -> end(Cause.OUT_OF_DISK, message));
		Thread.ofPlatform().daemon().name(name).start(() -> {
			try {
				this.ending.complete(watch(supervisor, attemptFiles, processes, disk, pumps));
			}
			catch (InterruptedException | RuntimeException ex) {
				closePipe();
				this.ending.completeExceptionally(ex);
			}
			finally {
				disk.stop();
			}
		});
	}

	private Ending watch(Process supervisor, AttemptFiles attemptFiles, JobProcesses processes, Disk disk,
			List<LogPump> pumps) throws InterruptedException {
		ControlGroup group = processes.group();
		boolean swept = false;
		boolean dead = true;
		while (!supervisor.waitFor(nanosToWait(), TimeUnit.NANOSECONDS)) {
			long now = now();
			if (now >= this.closeAfter) {
				closePipe();
			}
			if (now >= this.launch.limits().timeout().toNanos()) {
				ask(Cause.TIMEOUT, "the job ran longer than " + this.launch.limits().timeout());
			}
			if (this.closedAfter != NEVER && now - this.closedAfter > LocalExecutor.DEATH.toNanos()) {
				if (swept) {
					dead = false;
					break;
				}
				swept = true;
				Leftovers.end(attemptFiles, group);
			}
			look(processes, group);
		}
		closePipe();
		if (!Files.exists(attemptFiles.file("status"))) {
			dead &= Leftovers.end(attemptFiles, group);
		}
		dead &= group.end(LocalExecutor.DEATH);
		for (LogPump pump : pumps) {
			pump.await(Duration.ofSeconds(2));
		}
		return decide(supervisor, attemptFiles, group, disk, pumps, dead);
	}

	private Ending decide(Process supervisor, AttemptFiles attemptFiles, ControlGroup group, Disk disk,
			List<LogPump> pumps, boolean dead) {
		OptionalInt code = attemptFiles.exitCode();
		boolean killed = code.isEmpty() && !supervisor.isAlive() && supervisor.exitValue() > 128;
		boolean notStarted = !attemptFiles.started() && !killed;
		String words = (attemptFiles.supervisorLog() + "\n" + pumps.getLast().head()).strip();
		Verdict verdict;
		synchronized (this) {
			verdict = Verdict.of(this.recorded, code, notStarted, words, Verdict.Evidence.of(group, disk::full));
			// The group that says so is removed next, and what filled a disk may be gone:
			// a service that dies before the ending is kept could not decide it again.
			if (this.recorded == null && !verdict.isToldByTheExitCode()) {
				attemptFiles.reason(verdict);
			}
			this.recorded = verdict;
		}
		Long peakMemory = group.peakMemory();
		Ending result = new Ending(verdict.cause(), code.isPresent() ? code.getAsInt() : null, verdict.message(),
				this.sawPython, this.startedAt, this.clock.instant(),
				(peakMemory != null || this.peak == 0) ? peakMemory : Long.valueOf(this.peak),
				pumps.stream().anyMatch(LogPump::truncated), !dead, this.soft,
				this.launch.busy() ? Boolean.TRUE.equals(attemptFiles.busy()) : null);
		if (dead) {
			group.remove();
		}
		return result;
	}

	private long now() {
		return System.nanoTime() - this.begun;
	}

	private long nanosToWait() {
		long until = Math.min(this.closeAfter, this.launch.limits().timeout().toNanos()) - now();
		return Math.clamp((until <= 0) ? LOOK.toNanos() : until, 1, LOOK.toNanos());
	}

	private void look(JobProcesses processes, ControlGroup group) {
		this.sawPython = this.sawPython || processes.anyPython();
		if (group.peakMemory() == null) {
			long limit = this.launch.limits().memory();
			long memory = processes.memory(limit);
			this.peak = Math.max(this.peak, memory);
			if (memory > limit) {
				end(Cause.OUT_OF_MEMORY, "the job held " + memory + " bytes of memory, its limit is " + limit);
			}
		}
	}

	@Override
	public void cancel(String reason) {
		ask(Cause.CANCELLED, reason);
	}

	/**
	 * Asks the job to end, and gives it time.
	 */
	private synchronized void ask(Cause cause, String message) {
		OutputStream to = this.pipe;
		if (!record(cause, message) || to == null) {
			return;
		}
		if (!Objects.requireNonNull(this.files).started()) {
			// There is nobody to ask yet.
			closePipe();
			return;
		}
		this.closeAfter = now() + this.grace.toNanos();
		try {
			to.write("TERM\n".getBytes(StandardCharsets.US_ASCII));
			to.flush();
		}
		catch (IOException ex) {
			// it is gone already
		}
	}

	/**
	 * Ends the job at once.
	 */
	private synchronized void end(Cause cause, String message) {
		if (record(cause, message)) {
			closePipe();
		}
	}

	/**
	 * The reason is written down before anything is done; the first one counts. It goes
	 * into a file too: if the service dies next, what the job returns is not its own.
	 */
	private synchronized boolean record(Cause cause, String message) {
		if (this.recorded != null || this.ending.isDone()) {
			return false;
		}
		this.recorded = new Verdict(cause, message);
		AttemptFiles to = this.files;
		if (to != null) {
			to.reason(this.recorded);
		}
		return true;
	}

	private void closePipe() {
		OutputStream to = this.pipe;
		if (to == null || this.closedAfter != NEVER) {
			return;
		}
		this.closedAfter = now();
		this.closeAfter = NEVER;
		try {
			to.close();
		}
		catch (IOException ex) {
			// it is gone already
		}
	}

	@Override
	public Ending await() throws InterruptedException {
		try {
			return this.ending.get();
		}
		catch (ExecutionException ex) {
			throw new IllegalStateException("the attempt could not be watched", ex.getCause());
		}
	}

	@Override
	public Optional<Ending> await(Duration atMost) throws InterruptedException {
		try {
			return Optional.of(this.ending.get(atMost.toNanos(), TimeUnit.NANOSECONDS));
		}
		catch (TimeoutException ex) {
			return Optional.empty();
		}
		catch (ExecutionException ex) {
			throw new IllegalStateException("the attempt could not be watched", ex.getCause());
		}
	}

	@Override
	public long pid() {
		Process started = this.process;
		return (started != null) ? started.pid() : 0;
	}

}
