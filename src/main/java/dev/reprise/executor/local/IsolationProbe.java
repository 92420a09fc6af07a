package dev.reprise.executor.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

import dev.reprise.executor.Isolation;
import dev.reprise.executor.Ending;
import dev.reprise.executor.Execution;
import dev.reprise.executor.Launch;
import dev.reprise.executor.Limits;
import dev.reprise.run.spec.Network;

/**
 * Finds out, once at the start of the service, whether a job can be held: by holding one.
 */
public final class IsolationProbe {

	private static final Duration PATIENCE = Duration.ofSeconds(20);

	private static final Limits LIMITS = new Limits(Duration.ofSeconds(10), 64 << 20, 64 << 20, 1 << 20, 64);

	private static final Map<String, String> PACKAGES = Map.of("bwrap", "bubblewrap", "du", "coreutils", "env",
			"coreutils", "stat", "coreutils", "chroot", "coreutils", "ip", "iproute2", "hostname", "hostname");

	private IsolationProbe() {
	}

	/**
	 * Runs {@code /bin/true} in the full sandbox.
	 * @param folder where it may make a folder; removed again
	 */
	public static Isolation probe(LocalExecutor executor, Path folder) throws IOException, InterruptedException {
		Holding holding = executor.holding();
		if (holding == Holding.PROCESS && !executor.containment().ownUsers()) {
			return refused("isolation process needs root; start the service as root, or install bubblewrap and leave"
					+ " reprise.isolation out", executor);
		}
		List<String> programs = new ArrayList<>(holding.programs());
		programs.addAll(
				List.of("unshare", "setpriv", "flock", "setarch", "taskset", "prlimit", "mount", "du", "env", "stat"));
		for (String program : programs) {
			if (!Sandbox.program(program).startsWith("/")) {
				String name = PACKAGES.getOrDefault(program, "util-linux");
				return refused("the program " + program + " is missing. Install it: apt-get install " + name
						+ " (Debian, Ubuntu), dnf install " + name + " (Fedora, RHEL)"
						+ (program.equals("bwrap")
								? "; or, as root and where everyone who can reach it may read this machine's"
										+ " files, start with --reprise.isolation=process"
								: ""),
						executor);
			}
		}
		Path trial = Files.createTempDirectory(folder, "probe-");
		try {
			Path workspace = Files.createDirectory(trial.resolve("workspace"));
			Files.writeString(workspace.resolve("job.json"), "{}");
			Execution execution = executor.start(new Launch(trial.resolve("attempt"), workspace, List.of("/bin/true"),
					Map.of(), List.of(), List.of(), Launch.WORK, LIMITS, Network.NONE, true, Launch.MAX_SLOT, Set.of(),
					trial.resolve("stdout.log"), trial.resolve("stderr.log")));
			Optional<Ending> ending = execution.await(PATIENCE);
			if (ending.isEmpty()) {
				execution.cancel("the probe took too long");
				return refused("a trial of the sandbox did not end within " + PATIENCE.toSeconds() + " s", executor);
			}
			return ending.get().succeeded() ? new Isolation(holding.title(), null, ending.get().soft())
					: refused(mend(ending.get().message(), IsolationProbe::read), executor);
		}
		finally {
			executor.release(trial.resolve("attempt"));
			delete(trial);
		}
	}

	private static Isolation refused(String why, LocalExecutor executor) {
		return new Isolation("none", "Jobs cannot be held on this machine: " + why, executor.containment().soft());
	}

	/**
	 * Says what to change.
	 * @param words what failed
	 * @param settings content of a file, empty if there is none
	 */
	static String mend(String words, UnaryOperator<String> settings) {
		String mend;
		if (settings.apply("/proc/sys/kernel/unprivileged_userns_clone").equals("0")) {
			mend = "user namespaces are switched off; sysctl -w kernel.unprivileged_userns_clone=1";
		}
		else if (settings.apply("/proc/sys/user/max_user_namespaces").equals("0")) {
			mend = "user namespaces are switched off; sysctl -w user.max_user_namespaces=15000";
		}
		else if (settings.apply("/proc/sys/kernel/apparmor_restrict_unprivileged_userns").equals("1")) {
			mend = "AppArmor keeps programs from user namespaces; sysctl -w kernel.apparmor_restrict_unprivileged_userns=0,"
					+ " or a profile for bwrap and unshare that allows userns";
		}
		else if (words.contains("Operation not permitted") || words.contains("Permission denied")) {
			mend = "if this is a container, start it with --security-opt seccomp=unconfined --security-opt apparmor=unconfined"
					+ " --security-opt systempaths=unconfined --cap-add SYS_ADMIN, or use isolation container";
		}
		else {
			return words;
		}
		return words + " (" + mend + ")";
	}

	private static String read(String file) {
		try {
			return Files.readString(Path.of(file)).strip();
		}
		catch (IOException ex) {
			return "";
		}
	}

	private static void delete(Path folder) throws IOException {
		try (var paths = Files.walk(folder)) {
			for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
				Files.deleteIfExists(path);
			}
		}
	}

}
