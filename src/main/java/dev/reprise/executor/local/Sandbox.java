package dev.reprise.executor.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import dev.reprise.executor.Launch;
import dev.reprise.runtime.Mount;
import dev.reprise.run.spec.Network;

import org.jspecify.annotations.Nullable;

/**
 * What one attempt sees: the arguments of bubblewrap and the line that becomes the job.
 *
 * @param launch what to start
 * @param files where its plan is written
 * @param user the unprivileged user that root changes to, null if the service is not root
 * @param groups control groups that the job joins
 * @param processLimit whether the job's processes are limited by a resource limit, for
 * want of a control group
 * @param process how it is held without bubblewrap, null where it is there
 */
record Sandbox(Launch launch, AttemptFiles files, @Nullable Integer user, List<Path> groups, boolean processLimit,
		@Nullable ProcessPlan process) {

	/**
	 * Where root gathers what the job shall see, in a mount namespace of the supervisor's
	 * own: bubblewrap, no longer root, could not reach below a folder of mode 0700.
	 */
	private static final List<Path> GATHERED = List.of(Path.of("/mnt"), Path.of("/media"), Path.of("/srv"),
			Path.of("/opt"));

	private static final String PASSWD = """
			root:x:0:0:root:/root:/usr/sbin/nologin
			job:x:1000:1000:job:/home/job:/bin/sh
			nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin
			""";

	private static final String GROUP = """
			root:x:0:
			job:x:1000:
			nogroup:x:65534:
			""";

	private static final String HOSTS = """
			127.0.0.1 localhost reprise
			::1 localhost ip6-localhost
			""";

	private static final String NSSWITCH = """
			passwd: files
			group: files
			shadow: files
			hosts: files dns
			networks: files
			protocols: files
			services: files
			""";

	void write() throws IOException {
		Path etc = etc();
		Files.createDirectories(etc);
		readable(etc, true);
		for (Map.Entry<String, String> file : Map
			.of("passwd", (this.process != null) ? this.process.passwd() : PASSWD, "group",
					(this.process != null) ? this.process.group() : GROUP, "hosts", HOSTS, "nsswitch.conf", NSSWITCH)
			.entrySet()) {
			Path path = etc.resolve(file.getKey());
			Files.writeString(path, file.getValue());
			readable(path, false);
		}
		Map<Path, String> sources = new LinkedHashMap<>();
		this.files.write("arguments", String.join("\0", arguments(sources)) + "\0");
		this.files.write("command", command());
		this.files.write("mounts", mounts(sources).toString());
		this.files.write("plan", plan(sources));
		this.files.write("groups", this.groups);
		Files.write(this.files.file("filter"), SeccompFilter.ofThisMachine());
		try (var script = Sandbox.class.getResourceAsStream("supervisor.sh")) {
			if (script == null) {
				throw new IOException("supervisor.sh is missing from the program");
			}
			this.files.write("supervisor.sh", new String(script.readAllBytes(), StandardCharsets.UTF_8));
		}
	}

	private Path etc() {
		return this.files.file(this.files.mark());
	}

	private static void readable(Path path, boolean folder) throws IOException {
		Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(folder ? "rwxr-xr-x" : "rw-r--r--"));
	}

	/**
	 * Arguments of bubblewrap. They travel through a file descriptor, since a command
	 * line can be read by all.
	 * @param sources filled with what root has to gather, by the place it is gathered at
	 */
	private List<String> arguments(Map<Path, String> sources) {
		List<String> list = new ArrayList<>(List.of("--unshare-user", "--disable-userns", "--unshare-pid",
				"--unshare-ipc", "--unshare-uts", "--unshare-cgroup-try", "--hostname", "reprise", "--uid", "1000",
				"--gid", "1000", "--cap-drop", "ALL", "--new-session", "--die-with-parent", "--seccomp", "4"));
		if (this.launch.network() == Network.NONE) {
			list.add("--unshare-net");
		}
		list.addAll(List.of("--ro-bind", "/usr", "/usr"));
		for (String name : List.of("/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32")) {
			Path path = Path.of(name);
			if (Files.isSymbolicLink(path)) {
				list.addAll(List.of("--symlink", target(path), name));
			}
			else if (Files.isDirectory(path)) {
				list.addAll(List.of("--ro-bind", name, name));
			}
		}
		list.addAll(List.of("--proc", "/proc", "--dev", "/dev"));
		for (MemoryFolders.One one : memory().all()) {
			list.addAll(List.of("--bind", source(memoryFolder(), sources) + "/" + one.name(), one.place().toString()));
		}
		for (String name : List.of("passwd", "group", "hosts", "nsswitch.conf")) {
			list.addAll(List.of("--ro-bind", source(etc(), sources) + "/" + name, "/etc/" + name));
		}
		List<String> shared = new ArrayList<>(List.of("/etc/ld.so.cache", "/etc/alternatives"));
		if (this.launch.network() == Network.HOST) {
			shared.addAll(List.of("/etc/resolv.conf", "/etc/ssl", "/etc/ca-certificates", "/etc/pki"));
		}
		shared.forEach((name) -> list.addAll(List.of("--ro-bind-try", name, name)));
		this.launch.devices()
			.forEach((device) -> list.addAll(List.of("--dev-bind-try", device.toString(), device.toString())));
		String workspace = source(this.launch.workspace(), sources);
		for (String name : List.of("job.json", "inputs")) {
			list.addAll(List.of("--ro-bind", workspace + "/" + name, Launch.WORKSPACE + "/" + name));
		}
		for (String name : List.of("work", "outputs", "record")) {
			list.addAll(List.of("--bind", workspace + "/" + name, Launch.WORKSPACE + "/" + name));
		}
		this.launch.mounts()
			.stream()
			.sorted(Comparator.comparingInt((mount) -> Path.of(mount.target()).getNameCount()))
			.forEach((mount) -> list.addAll(List.of(mount.writable() ? "--bind" : "--ro-bind",
					source(mount.source(), sources), mount.target())));
		list.addAll(List.of("--remount-ro", "/dev", "--remount-ro", "/", "--chdir", this.launch.workingFolder()));
		return list;
	}

	private Path memoryFolder() {
		return this.files.file("memory");
	}

	private MemoryFolders memory() {
		return new MemoryFolders(this.launch.limits().memory(), this.user);
	}

	private String source(Path path, Map<Path, String> sources) {
		if (this.user == null) {
			return path.toString();
		}
		return sources.computeIfAbsent(path, (missing) -> gathered() + "/" + sources.size());
	}

	private static Path gathered() {
		return GATHERED.stream()
			.filter(Files::isDirectory)
			.findFirst()
			.orElseThrow(() -> new IllegalStateException("the machine has none of the folders " + GATHERED));
	}

	private static String target(Path link) {
		try {
			return Files.readSymbolicLink(link).toString();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * What a shell inside the sandbox reads from its standard input. It writes the mark
	 * that the sandbox stands, and becomes the job with no file descriptor above 2.
	 */
	private String command() {
		List<String> words = new ArrayList<>(List.of("exec"));
		if (this.processLimit) {
			int limit = this.launch.limits().processes();
			words.addAll(List.of("/usr/bin/prlimit", "--nproc=" + limit + ":" + limit));
		}
		words.addAll(List.of("/usr/bin/env", "-i"));
		this.launch.environment().forEach((name, value) -> words.add(quote(name + "=" + value)));
		if (this.launch.fixedAddressLayout()) {
			words.addAll(List.of("/usr/bin/setarch", "-R"));
		}
		this.launch.command().forEach((word) -> words.add(quote(word)));
		if (this.process != null) {
			// The shell stays, as the first process of its namespace, and reaps.
			words.removeFirst();
			return "cd " + quote(this.launch.workingFolder()) + " || exit\nprintf x >&7\nexec 7>&-\n"
					+ String.join(" ", words) + " </dev/null\nexit $?\n";
		}
		return "printf x >&7\n" + String.join(" ", words) + " </dev/null 7>&-\n";
	}

	/**
	 * What is in memory, and then what root gathers, that included.
	 */
	private MountTable mounts(Map<Path, String> sources) {
		MountTable table = new MountTable();
		memory().all()
			.forEach((one) -> table.memory(memoryFolder().resolve(one.name()), "nosuid,nodev," + one.options()));
		sources.forEach(
				(path, place) -> table.bind(path, this.files.file("gathered").resolve(Path.of(place).getFileName())));
		return table;
	}

	private String plan(Map<Path, String> sources) {
		StringBuilder plan = new StringBuilder();
		plan.append("namespaces='").append((this.user != null) ? "" : "--user --map-root-user").append("'\n");
		plan.append("groups=").append(quote(this.groups.stream().map(Path::toString).collect(Collectors.joining(" "))));
		plan.append("\nload='").append(load()).append("'\nprepare() {\n\t:\n");
		if (this.process != null) {
			return plan.append(this.process.prepare())
				.append("}\nrun() {\n\texec ")
				.append(cores())
				.append(this.process.run())
				.append("\n}\n")
				.toString();
		}
		// The job's user comes through the folder.
		plan.append("\tumask 022\n\tmkdir -p gathered");
		memory().all().forEach((one) -> plan.append(" memory/").append(one.name()));
		plan.append(" || return\n\tumask 077\n");
		if (this.user != null) {
			plan.append("\tmount -t tmpfs -o mode=755,size=1m reprise gathered || return\n\tfolders=\n");
			sources.forEach((path, place) -> {
				String name = "gathered/" + Path.of(place).getFileName();
				plan.append("\tif [ -d ").append(quote(path.toString())).append(" ]; then folders=\"$folders ");
				plan.append(name).append("\"; else : >").append(name).append("; fi\n");
			});
			plan.append("\tmkdir $folders || return\n");
		}
		plan.append("\tmount -a -T mounts || return\n");
		if (this.user != null) {
			plan.append("\tmount --move gathered ").append(gathered()).append('\n');
		}
		plan.append("}\nrun() {\n\texec ").append(cores());
		if (this.user != null) {
			plan.append("setpriv --reuid ").append(this.user).append(" --regid ").append(this.user);
			plan.append(" --clear-groups --no-new-privs --inh-caps=-all ");
		}
		plan.append("env -i ").append(quote(program("bwrap"))).append(" --args 8 -- /bin/sh -s\n}\n");
		return plan.toString();
	}

	/**
	 * Numbers of the cores that are kept busy.
	 */
	private String load() {
		if (!this.launch.busy()) {
			return "";
		}
		Stream<Integer> all = this.launch.cpus().isEmpty()
				? IntStream.range(0, Runtime.getRuntime().availableProcessors()).boxed() : this.launch.cpus().stream();
		return all.map(String::valueOf).collect(Collectors.joining(" "));
	}

	private String cores() {
		return this.launch.cpus().isEmpty() ? "" : "taskset -c "
				+ this.launch.cpus().stream().map(String::valueOf).collect(Collectors.joining(",")) + ' ';
	}

	static String program(String name) {
		for (String folder : LocalExecutor.PATH.split(":", -1)) {
			if (Files.isExecutable(Path.of(folder, name))) {
				return folder + "/" + name;
			}
		}
		return name;
	}

	static String quote(String word) {
		return "'" + word.replace("'", "'\\''") + "'";
	}

}
