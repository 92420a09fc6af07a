package dev.reprise.executor;

import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

import dev.reprise.run.spec.Network;
import dev.reprise.runtime.Mount;

/**
 * Everything that one attempt is started with.
 *
 * @param attemptFolder folder private to the service, for this attempt alone; created
 * where it is missing
 * @param workspace the workspace as the contract lays it out, on the host; created where
 * it is missing
 * @param command the program, found by the {@code PATH} of {@code environment}, and its
 * arguments
 * @param environment all variables of the process, in this order, and nothing else
 * @param mounts what it sees beside the workspace and {@code /usr}
 * @param devices device nodes, at the same path inside; left out where the host lacks
 * them
 * @param workingFolder absolute path inside the sandbox
 * @param fixedAddressLayout whether the address layout is the same in every run
 * @param slot which of the attempts that run at one time this is, from 0: each has a user
 * of its own where the service is root
 * @param cpus numbers of the cores it may use; empty for all
 * @param stdout file that standard output is written to, outside {@code work},
 * {@code outputs} and {@code record}
 * @param stderr file that standard error is written to
 * @param busy whether its cores are kept busy beside it, by processes that end with it,
 * that it sees nothing of and that are not counted for it
 */
public record Launch(Path attemptFolder, Path workspace, List<String> command, Map<String, String> environment,
		List<Mount> mounts, List<Path> devices, String workingFolder, Limits limits, Network network,
		boolean fixedAddressLayout, int slot, Set<Integer> cpus, Path stdout, Path stderr, boolean busy) {

	/**
	 * Where the workspace is inside.
	 */
	public static final String WORKSPACE = "/workspace";

	/**
	 * The working folder of the contract.
	 */
	public static final String WORK = WORKSPACE + "/work";

	/**
	 * The largest {@link #slot()}, of what is no job: it writes where jobs read.
	 */
	public static final int MAX_SLOT = 4095;

	private static final Pattern VARIABLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

	/**
	 * Copies and checks.
	 * @throws IllegalArgumentException if a part cannot be handed to a process
	 */
	public Launch {
		command = List.copyOf(command);
		environment = Collections.unmodifiableMap(new LinkedHashMap<>(environment));
		mounts = List.copyOf(mounts);
		devices = List.copyOf(devices);
		cpus = Collections.unmodifiableSet(new TreeSet<>(cpus));
		for (Path path : List.of(attemptFolder, workspace, stdout, stderr)) {
			if (!path.isAbsolute() || !path.equals(path.normalize())) {
				throw new IllegalArgumentException("the paths of a launch are absolute, not " + path);
			}
		}
		if (command.isEmpty() || command.getFirst().isEmpty()) {
			throw new IllegalArgumentException("the command is empty");
		}
		if (command.getFirst().indexOf('=') >= 0 || command.getFirst().startsWith("-")) {
			throw new IllegalArgumentException(
					"a program whose name holds '=' or begins with '-' cannot be started: " + command.getFirst());
		}
		command.forEach((word) -> checkNoNul("the command", word));
		environment.forEach((name, value) -> {
			if (!VARIABLE.matcher(name).matches()) {
				throw new IllegalArgumentException("no name of an environment variable: " + name);
			}
			checkNoNul("the environment", value);
		});
		Mount.checkInside(workingFolder);
		if (slot < 0 || slot > MAX_SLOT) {
			throw new IllegalArgumentException("a slot is 0 to " + MAX_SLOT + ", not " + slot);
		}
		if (cpus.stream().anyMatch((cpu) -> cpu < 0)) {
			throw new IllegalArgumentException("the number of a core is negative");
		}
	}

	/**
	 * One that is left alone.
	 */
	public Launch(Path attemptFolder, Path workspace, List<String> command, Map<String, String> environment,
			List<Mount> mounts, List<Path> devices, String workingFolder, Limits limits, Network network,
			boolean fixedAddressLayout, int slot, Set<Integer> cpus, Path stdout, Path stderr) {
		this(attemptFolder, workspace, command, environment, mounts, devices, workingFolder, limits, network,
				fixedAddressLayout, slot, cpus, stdout, stderr, false);
	}

	private static void checkNoNul(String what, String value) {
		if (value.indexOf(0) >= 0) {
			throw new IllegalArgumentException(what + " holds a NUL character");
		}
	}

}
