package dev.reprise.executor.local;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

import dev.reprise.artifact.Digest;
import dev.reprise.executor.Ending;
import dev.reprise.executor.Execution;
import dev.reprise.executor.Executor;
import dev.reprise.executor.Launch;
import dev.reprise.run.LogParts;
import dev.reprise.runtime.Mount;
import org.jspecify.annotations.Nullable;

/**
 * Runs attempts on this machine. As root it gives each a user of its own; as an ordinary
 * user it needs user namespaces.
 */
public final class LocalExecutor implements Executor, AutoCloseable {

	/**
	 * User of slot 0 where the service is root; slot n has the n-th after it.
	 */
	public static final int FIRST_USER = 61000;

	/**
	 * How long a job may take to end after it was asked to.
	 */
	public static final Duration GRACE = Duration.ofSeconds(5);

	static final String PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

	/**
	 * How long a killed process may take to be gone.
	 */
	static final Duration DEATH = Duration.ofSeconds(5);

	private final InstantSource clock;

	private final Duration grace;

	private final boolean root;

	private final ControlGroups controlGroups;

	private final Holding holding;

	/** Why an attempt has no volume of its own, or null where it shall have one. */
	private final @Nullable String noVolume;

	/** Attempts that were not released yet. */
	private final Set<Path> held = ConcurrentHashMap.newKeySet();

	/**
	 * One thread that lives as long as this: what is told to die with its parent dies
	 * with the thread that started it.
	 */
	private final ExecutorService starter = Executors
		.newSingleThreadExecutor(Thread.ofPlatform().daemon().name("reprise-starter").factory());

	/**
	 * Finds out what the machine allows.
	 */
	public LocalExecutor(InstantSource clock) {
		this(clock, Holding.SANDBOX);
	}

	LocalExecutor(InstantSource clock, Holding holding) {
		this(clock, GRACE, ControlGroups.find(), missingForVolumes(), holding);
	}

	LocalExecutor(InstantSource clock, Duration grace, ControlGroups controlGroups, @Nullable String noVolume) {
		this(clock, grace, controlGroups, noVolume, Holding.SANDBOX);
	}

	LocalExecutor(InstantSource clock, Duration grace, ControlGroups controlGroups, @Nullable String noVolume,
			Holding holding) {
		this.holding = holding;
		this.clock = clock;
		this.grace = grace;
		this.root = isRoot();
		this.controlGroups = controlGroups;
		this.noVolume = noVolume;
	}

	static @Nullable String missingForVolumes() {
		if (!isRoot()) {
			return "the service is not root";
		}
		for (String program : List.of("mke2fs", "e2fsck", "mount", "umount", "fallocate")) {
			if (!Sandbox.program(program).startsWith("/")) {
				return "the program " + program + " is missing";
			}
		}
		return Files.exists(Path.of("/dev/loop-control")) ? null : "the machine has no loop devices";
	}

	private static boolean isRoot() {
		try {
			return Integer.valueOf(0).equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid"));
		}
		catch (IOException ex) {
			return false;
		}
	}

	/**
	 * What holds on this machine.
	 */
	public Containment containment() {
		return new Containment(this.holding == Holding.SANDBOX, this.root,
				this.controlGroups.has(ControlGroups.Controller.MEMORY),
				this.controlGroups.has(ControlGroups.Controller.PIDS),
				this.controlGroups.has(ControlGroups.Controller.CPUSET));
	}

	Holding holding() {
		return this.holding;
	}

	@Override
	public Execution start(Launch launch) {
		LocalExecution execution = new LocalExecution(launch, this.clock, this.grace);
		try {
			AttemptFiles files = new AttemptFiles(launch.attemptFolder());
			files.create();
			this.held.add(launch.attemptFolder());
			files.write("logs", List.of(launch.stdout(), launch.stderr()));
			files.write("mark", "etc-" + UUID.randomUUID());
			Disk disk = Disk.of(launch, this.noVolume);
			List<String> soft = new ArrayList<>(disk.soft());
			soft.addAll(containment().soft());
			execution.soft(soft);
			files.write("soft", soft);
			files.write("disk", Long.toString(launch.limits().disk()));
			this.starter.submit(() -> start(launch, execution, files, disk)).get();
		}
		catch (IOException ex) {
			execution.fail((ex.getMessage() != null) ? ex.getMessage() : ex.toString());
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			execution.cancel("the service was interrupted while it started the attempt");
		}
		catch (ExecutionException ex) {
			execution.fail(String.valueOf(ex.getCause()));
		}
		return execution;
	}

	private void start(Launch launch, LocalExecution execution, AttemptFiles files, Disk disk) {
		ControlGroup group = new ControlGroup(List.of());
		try {
			Integer user = this.root ? FIRST_USER + launch.slot() : null;
			String name = groupName(launch.attemptFolder());
			boolean pids = this.controlGroups.has(ControlGroups.Controller.PIDS);
			// Written before the group exists, so that a restart finds it.
			ProcessPlan process = null;
			if (this.holding == Holding.PROCESS) {
				if (user == null) {
					throw new IOException("isolation process needs the service to be root");
				}
				process = new ProcessPlan(launch, files, user);
			}
			new Sandbox(launch, files, user, this.controlGroups.folders(name), !pids, process).write();
			prepare(launch, user);
			group = this.controlGroups.create(name, launch);
			ProcessBuilder builder = new ProcessBuilder("/bin/sh", files.file("supervisor.sh").toString(),
					files.folder().toString());
			builder.environment().clear();
			builder.environment().put("PATH", PATH);
			builder.directory(files.folder().toFile());
			execution.run(builder.start(), files, group, disk);
		}
		catch (IOException | RuntimeException ex) {
			group.remove();
			execution.fail((ex.getMessage() != null) ? ex.getMessage() : ex.toString());
		}
	}

	private static String groupName(Path attemptFolder) {
		String name = String.valueOf(attemptFolder.getFileName()).replaceAll("[^A-Za-z0-9-]", "-");
		String digest = Digest.of(attemptFolder.toString().getBytes(StandardCharsets.UTF_8)).hex();
		return "reprise-" + name.substring(0, Math.min(name.length(), 64)) + "-" + digest.substring(0, 12);
	}

	/**
	 * Makes what the job may write its own, and the way there open to it.
	 */
	private static void prepare(Launch launch, @Nullable Integer user) throws IOException {
		Files.createDirectories(launch.workspace());
		open(launch.workspace(), true);
		Path inputs = launch.workspace().resolve("inputs");
		Files.createDirectories(inputs);
		open(inputs, true);
		open(launch.workspace().resolve("job.json"), false);
		for (String name : List.of("work", "outputs", "record")) {
			Path folder = launch.workspace().resolve(name);
			Files.createDirectories(folder);
			if (user != null) {
				give(folder, user);
			}
		}
		for (Mount mount : launch.mounts()) {
			// What was given before is not walked through again.
			if (user != null && mount.writable() && !user.equals(Files.getAttribute(mount.source(), "unix:uid"))) {
				give(mount.source(), user);
			}
		}
	}

	private static void open(Path path, boolean folder) throws IOException {
		Set<PosixFilePermission> permissions = EnumSet.copyOf(Files.getPosixFilePermissions(path));
		permissions.add(PosixFilePermission.GROUP_READ);
		permissions.add(PosixFilePermission.OTHERS_READ);
		if (folder) {
			permissions.add(PosixFilePermission.GROUP_EXECUTE);
			permissions.add(PosixFilePermission.OTHERS_EXECUTE);
		}
		Files.setPosixFilePermissions(path, permissions);
	}

	private static void give(Path folder, int user) throws IOException {
		Files.walkFileTree(folder, new SimpleFileVisitor<>() {

			@Override
			public FileVisitResult preVisitDirectory(Path dir, BasicFileAttributes attributes) throws IOException {
				return visitFile(dir, attributes);
			}

			@Override
			public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
				Files.setAttribute(file, "unix:uid", user, LinkOption.NOFOLLOW_LINKS);
				Files.setAttribute(file, "unix:gid", user, LinkOption.NOFOLLOW_LINKS);
				return FileVisitResult.CONTINUE;
			}

		});
	}

	@Override
	public Ending endLeftovers(Path attemptFolder) {
		AttemptFiles files = new AttemptFiles(attemptFolder);
		ControlGroup group = new ControlGroup(files.paths("groups"));
		boolean leftovers;
		try {
			leftovers = !Leftovers.end(files, group);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			leftovers = true;
		}
		String damage = showAgain(attemptFolder, files);
		OptionalInt code = files.exitCode();
		Verdict verdict = Verdict.of(files.reason(), code, false, "",
				Verdict.Evidence.of(group, () -> Disk.fullAfterwards(files)));
		Ending ending = new Ending(verdict.cause(), code.isPresent() ? code.getAsInt() : null,
				verdict.message() + damage, false, null, endedAt(files), group.peakMemory(), true, leftovers,
				files.lines("soft"), files.busy());
		if (!leftovers) {
			group.remove();
		}
		return ending;
	}

	/**
	 * @return what could not be shown, a part of a sentence, mostly empty
	 */
	private static String showAgain(Path attemptFolder, AttemptFiles files) {
		try {
			new Volume(attemptFolder).attach();
			for (Path written : files.paths("logs")) {
				LogParts.join(written);
			}
			return "";
		}
		catch (IOException ex) {
			return "; " + ex.getMessage();
		}
	}

	@Override
	public void release(Path attemptFolder) throws IOException {
		new Volume(attemptFolder).release();
		this.held.remove(attemptFolder);
	}

	private Instant endedAt(AttemptFiles files) {
		try {
			return Files.getLastModifiedTime(files.file("status")).toInstant();
		}
		catch (IOException ex) {
			return this.clock.instant();
		}
	}

	/**
	 * Takes no more launches, and shows the disks of its attempts no longer: a service
	 * that has ended leaves nothing mounted. What runs goes on until the service ends.
	 */
	@Override
	public void close() {
		this.starter.shutdown();
		for (Path attemptFolder : this.held) {
			try {
				new Volume(attemptFolder).detach();
			}
			catch (IOException ex) {
				// the next start finds it
			}
		}
	}

}
