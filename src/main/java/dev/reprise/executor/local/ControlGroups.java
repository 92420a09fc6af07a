package dev.reprise.executor.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

import dev.reprise.executor.Launch;
import org.jspecify.annotations.Nullable;

/**
 * Where this service may make control groups. In version 1 each controller has a tree of
 * its own, in version 2 all have one.
 *
 * @param version 1 or 2; 0 if it may make none
 * @param parents folder below which groups are made, by controller; a controller that
 * cannot be used is missing
 */
record ControlGroups(int version, Map<Controller, Path> parents) {

	private static final String SERVICE = "reprise-service";

	private static final int BUBBLEWRAP_PROCESSES = 3;

	/**
	 * What a group can limit.
	 */
	enum Controller {

		MEMORY, PIDS, CPUSET;

		String title() {
			return name().toLowerCase(Locale.ROOT);
		}

	}

	static final ControlGroups NONE = new ControlGroups(0, Map.of());

	/**
	 * Finds out by making a group and removing it.
	 */
	static ControlGroups find() {
		try {
			ControlGroups one = versionOne();
			return one.parents.isEmpty() ? versionTwo() : one;
		}
		catch (IOException ex) {
			return NONE;
		}
	}

	boolean has(Controller controller) {
		return this.parents.containsKey(controller);
	}

	private static ControlGroups versionOne() throws IOException {
		Map<Controller, Path> parents = new EnumMap<>(Controller.class);
		for (String line : Files.readAllLines(Path.of("/proc/self/cgroup"))) {
			String[] parts = line.split(":", 3);
			for (Controller controller : Controller.values()) {
				if (parts.length == 3 && List.of(parts[1].split(",")).contains(controller.title())) {
					Path mount = mountOf(controller.title());
					if (mount != null) {
						Path own = mount.resolve(parts[2].substring(1));
						Path parent = Files.isDirectory(own) ? own : mount;
						if (canMakeGroups(parent)) {
							parents.put(controller, parent);
						}
					}
				}
			}
		}
		return new ControlGroups(parents.isEmpty() ? 0 : 1, parents);
	}

	private static @Nullable Path mountOf(String option) throws IOException {
		for (String line : Files.readAllLines(Path.of("/proc/self/mounts"))) {
			String[] parts = line.split(" ", -1);
			boolean wanted = option.isEmpty() ? parts[2].equals("cgroup2")
					: parts[2].equals("cgroup") && List.of(parts[3].split(",")).contains(option);
			if (wanted) {
				return Path.of(parts[1]);
			}
		}
		return null;
	}

	private static ControlGroups versionTwo() throws IOException {
		Path mount = mountOf("");
		if (mount == null) {
			return NONE;
		}
		String own = Files.readAllLines(Path.of("/proc/self/cgroup"))
			.stream()
			.filter((line) -> line.startsWith("0::/"))
			.map((line) -> line.substring(4))
			.findFirst()
			.orElse("");
		// A service that is started again stands where it stepped down to.
		Path parent = mount.resolve(own.endsWith(SERVICE) ? own.substring(0, own.length() - SERVICE.length()) : own);
		Set<String> available = words(parent.resolve("cgroup.controllers"));
		if (!available.contains("memory") && !available.contains("pids")) {
			return NONE;
		}
		Path service = parent.resolve(SERVICE);
		if (!enable(parent, available)) {
			// A group that divides what it has may hold no process: step down, so that
			// those of the jobs can stand beside.
			try {
				Files.createDirectories(service);
				Files.writeString(service.resolve("cgroup.procs"), Long.toString(ProcessHandle.current().pid()));
			}
			catch (IOException ex) {
				return NONE;
			}
			if (!enable(parent, available)) {
				return NONE;
			}
		}
		Set<String> enabled = words(parent.resolve("cgroup.subtree_control"));
		Map<Controller, Path> parents = new EnumMap<>(Controller.class);
		for (Controller controller : Controller.values()) {
			if (enabled.contains(controller.title()) && canMakeGroups(parent)) {
				parents.put(controller, parent);
			}
		}
		return new ControlGroups(parents.isEmpty() ? 0 : 2, parents);
	}

	private static boolean enable(Path parent, Set<String> available) {
		boolean any = false;
		for (Controller controller : Controller.values()) {
			if (available.contains(controller.title())) {
				any |= write(parent.resolve("cgroup.subtree_control"), "+" + controller.title());
			}
		}
		return any;
	}

	private static Set<String> words(Path file) throws IOException {
		return Set.of(Files.readString(file).strip().split("\\s+"));
	}

	private static boolean canMakeGroups(Path parent) {
		Path trial = parent.resolve("reprise-trial-" + ProcessHandle.current().pid());
		try {
			Files.createDirectories(trial);
			boolean can = Files.isWritable(trial.resolve("cgroup.procs"));
			Files.delete(trial);
			return can;
		}
		catch (IOException ex) {
			return false;
		}
	}

	/**
	 * Folders that a group of this name has, one in version 2.
	 */
	List<Path> folders(String name) {
		return new ArrayList<>(this.parents.values()
			.stream()
			.map((parent) -> parent.resolve(name))
			.collect(Collectors.toCollection(LinkedHashSet::new)));
	}

	/**
	 * Makes the group of one attempt with its limits. The group of an earlier attempt of
	 * the same name must be gone.
	 */
	ControlGroup create(String name, Launch launch) throws IOException {
		List<Path> folders = folders(name);
		ControlGroup group = new ControlGroup(folders);
		try {
			for (Path folder : folders) {
				Files.createDirectory(folder);
			}
			limit(name, launch);
			return group;
		}
		catch (IOException | UncheckedIOException ex) {
			group.remove();
			throw ex;
		}
	}

	private void limit(String name, Launch launch) throws IOException {
		String memory = Long.toString(launch.limits().memory());
		String processes = Long.toString((long) launch.limits().processes() + BUBBLEWRAP_PROCESSES);
		String cpus = launch.cpus().stream().map(String::valueOf).collect(Collectors.joining(","));
		for (Map.Entry<Controller, Path> entry : this.parents.entrySet()) {
			Path parent = entry.getValue();
			Path folder = parent.resolve(name);
			switch (entry.getKey()) {
				case MEMORY -> {
					if (this.version == 1) {
						must(folder.resolve("memory.limit_in_bytes"), memory);
						write(folder.resolve("memory.memsw.limit_in_bytes"), memory);
					}
					else {
						must(folder.resolve("memory.max"), memory);
						write(folder.resolve("memory.swap.max"), "0");
					}
				}
				case PIDS -> must(folder.resolve("pids.max"), processes);
				case CPUSET -> {
					if (this.version == 1) {
						// Without both a group takes no process.
						String all = Files.readString(parent.resolve("cpuset.cpus")).strip();
						must(folder.resolve("cpuset.mems"), Files.readString(parent.resolve("cpuset.mems")).strip());
						must(folder.resolve("cpuset.cpus"), cpus.isEmpty() ? all : cpus);
					}
					else if (!cpus.isEmpty()) {
						must(folder.resolve("cpuset.cpus"), cpus);
					}
				}
			}
		}
	}

	private static void must(Path file, String value) throws IOException {
		try {
			Files.writeString(file, value);
		}
		catch (IOException ex) {
			throw new IOException("the limit " + file.getFileName() + " = " + value + " is refused: " + ex.getMessage(),
					ex);
		}
	}

	private static boolean write(Path file, String value) {
		try {
			if (!Files.exists(file)) {
				return false;
			}
			Files.writeString(file, value);
			return true;
		}
		catch (IOException ex) {
			return false;
		}
	}

}
