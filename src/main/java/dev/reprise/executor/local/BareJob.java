package dev.reprise.executor.local;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import dev.reprise.executor.Cause;
import dev.reprise.executor.Ending;
import dev.reprise.executor.Limits;

/**
 * One job of {@code ./reprise local}: isolation {@code none}. It runs as the user who
 * started it, sees what that user sees, and nothing is limited; but it ends with the
 * process that started it, however that one ends.
 */
public final class BareJob {

	/**
	 * The name of the isolation.
	 */
	public static final String ISOLATION = "none";

	/**
	 * What is not held at all, in sentences as an ending has them.
	 */
	public static final List<String> SOFT = List.of(
			"isolation: the program sees the files, the network and the" + " processes of its user",
			"memory, disk, processes and time are not limited");

	private static final Duration LOOK = Duration.ofMillis(100);

	private static final Duration PIPES = Duration.ofSeconds(2);

	private static final Limits NO_LIMITS = new Limits(Duration.ofDays(36_500), Long.MAX_VALUE, Long.MAX_VALUE,
			Long.MAX_VALUE, Integer.MAX_VALUE);

	private final Process supervisor;

	private final AttemptFiles files;

	private final List<LogPump> pumps;

	private final InstantSource clock;

	private final Instant startedAt;

	private boolean sawPython;

	private volatile boolean cancelled;

	private BareJob(Process supervisor, AttemptFiles files, Start start, InstantSource clock) {
		this.supervisor = supervisor;
		this.files = files;
		this.clock = clock;
		this.startedAt = clock.instant();
		this.sawPython = JobProcesses.asksForPython(start.command());
		LogBudget budget = new LogBudget(NO_LIMITS);
		this.pumps = List.of(new LogPump("stdout", new Tee(supervisor.getInputStream(), start.out()), start.stdout(),
				budget, (cause, message) -> {
				}), new LogPump("stderr", new Tee(supervisor.getErrorStream(), start.err()), start.stderr(), budget,
						(cause, message) -> {
						}));
		this.pumps.forEach(LogPump::start);
	}

	/**
	 * What is started.
	 *
	 * @param folder an empty folder for this job alone, which nobody else writes to
	 * @param mark no two jobs have the same; letters and digits
	 * @param command the program and its arguments
	 * @param environment what is set over this process's own environment
	 * @param without variables of this process's own that the job does not get
	 * @param workingFolder where it runs
	 * @param fixedAddressLayout whether the address layout is to be the same in every
	 * run, where the machine allows that
	 * @param stdout where standard output is kept
	 * @param stderr where standard error is kept
	 * @param out gets standard output as it comes
	 * @param err gets standard error as it comes
	 */
	public record Start(Path folder, String mark, List<String> command, Map<String, String> environment,
			List<String> without, Path workingFolder, boolean fixedAddressLayout, Path stdout, Path stderr,
			OutputStream out, OutputStream err) {

		/**
		 * Copies.
		 */
		public Start {
			command = List.copyOf(command);
			environment = Map.copyOf(environment);
			without = List.copyOf(without);
		}

	}

	/**
	 * Starts it.
	 * @throws IOException if no process can be started
	 */
	public static BareJob start(Start start, InstantSource clock) throws IOException {
		Files.setPosixFilePermissions(start.folder(), PosixFilePermissions.fromString("rwx------"));
		Path script = start.folder().resolve("bare.sh");
		try (InputStream in = BareJob.class.getResourceAsStream("bare.sh")) {
			if (in == null) {
				throw new IOException("bare.sh is missing from the program");
			}
			Files.copy(in, script);
		}
		// A session of its own: what a terminal sends to its foreground reaches the
		// command, which says how the job is to end.
		List<String> words = new ArrayList<>(List.of("setsid", "/bin/sh", script.toString(), start.folder().toString(),
				start.mark(), start.fixedAddressLayout() ? "fixed" : "random"));
		words.addAll(start.command());
		ProcessBuilder builder = new ProcessBuilder(words).directory(start.workingFolder().toFile());
		builder.environment().keySet().removeAll(start.without());
		builder.environment().putAll(start.environment());
		return new BareJob(builder.start(), new AttemptFiles(start.folder()), start, clock);
	}

	/**
	 * Asks the job to end, as Ctrl-C would; once this was called it has been cancelled.
	 */
	public void interrupt() {
		this.cancelled = true;
		try {
			OutputStream pipe = this.supervisor.getOutputStream();
			pipe.write("INT\n".getBytes(StandardCharsets.US_ASCII));
			pipe.flush();
		}
		catch (IOException ex) {
			// it is gone already
		}
	}

	/**
	 * Ends the job and all that it started, at once.
	 */
	public void kill() {
		this.cancelled = true;
		try {
			this.supervisor.getOutputStream().close();
		}
		catch (IOException ex) {
			// it is gone already
		}
	}

	/**
	 * Waits until nothing of the job is left.
	 */
	public Ending await() throws InterruptedException {
		while (!this.supervisor.waitFor(LOOK.toMillis(), TimeUnit.MILLISECONDS)) {
			this.sawPython = this.sawPython || anyPython();
		}
		for (LogPump pump : this.pumps) {
			pump.await(PIPES);
		}
		OptionalInt code = this.files.exitCode();
		Cause cause = cause(code);
		String message = switch (cause) {
			case CANCELLED -> "cancelled by who started it";
			case LOST -> "the supervisor of the job was killed";
			case SIGNAL -> "the job ended by signal " + Ending.signalOf(code.orElseThrow());
			default -> "the job returned " + code.orElseThrow();
		};
		return new Ending(cause, code.isPresent() ? code.getAsInt() : null, message, this.sawPython, this.startedAt,
				this.clock.instant(), null, this.pumps.stream().anyMatch(LogPump::truncated), false, SOFT, null);
	}

	private Cause cause(OptionalInt code) {
		if (this.cancelled) {
			return Cause.CANCELLED;
		}
		if (code.isEmpty()) {
			return Cause.LOST;
		}
		return (Ending.signalOf(code.getAsInt()) > 0) ? Cause.SIGNAL : Cause.EXIT;
	}

	private boolean anyPython() {
		try (Stream<ProcessHandle> descendants = this.supervisor.descendants()) {
			return descendants.anyMatch((process) -> {
				try {
					return JobProcesses.isPython(Files.readSymbolicLink(Path.of("/proc/" + process.pid() + "/exe")));
				}
				catch (IOException ex) {
					return false;
				}
			});
		}
	}

	/**
	 * Hands on what is read, as long as somebody takes it.
	 */
	private static final class Tee extends InputStream {

		private final InputStream in;

		private final OutputStream to;

		private boolean broken;

		Tee(InputStream in, OutputStream to) {
			this.in = in;
			this.to = to;
		}

		@Override
		public int read() throws IOException {
			byte[] one = new byte[1];
			return (read(one, 0, 1) < 0) ? -1 : one[0] & 0xff;
		}

		@Override
		public int read(byte[] bytes, int offset, int length) throws IOException {
			int read = this.in.read(bytes, offset, length);
			if (read > 0 && !this.broken) {
				try {
					this.to.write(bytes, offset, read);
					this.to.flush();
				}
				catch (IOException ex) {
					// The record has it all the same.
					this.broken = true;
				}
			}
			return read;
		}

		@Override
		public void close() throws IOException {
			this.in.close();
		}

	}

}
