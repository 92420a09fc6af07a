package dev.reprise.executor.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Stream;

import dev.reprise.executor.Launch;
import dev.reprise.executor.Limits;
import dev.reprise.runtime.Mount;
import dev.reprise.run.spec.Network;

/**
 * One attempt to be, with defaults. Its processes carry a marker in their environment, by
 * which they are found wherever they are.
 */
final class Job {

	static final long MIB = 1024 * 1024;

	final String marker = "reprise-marker-" + UUID.randomUUID();

	final Path folder;

	final Path workspace;

	List<String> command = List.of("/bin/true");

	Map<String, String> environment = new LinkedHashMap<>();

	List<Mount> mounts = new ArrayList<>();

	List<Path> devices = List.of();

	Duration timeout = Duration.ofSeconds(60);

	long memory = 512 * MIB;

	long disk = 1024 * MIB;

	long logs = 16 * MIB;

	int processes = 200;

	Network network = Network.NONE;

	boolean fixedAddressLayout;

	int slot;

	Set<Integer> cpus = Set.of();

	boolean busy;

	Job(Path folder) throws IOException {
		this.folder = folder;
		this.workspace = folder.resolve("workspace");
		Files.createDirectories(this.workspace.resolve("work"));
		Files.createDirectories(this.workspace.resolve("inputs"));
		Files.writeString(this.workspace.resolve("job.json"), "{}");
		this.environment.put("REPRISE_TEST_MARKER", this.marker);
		this.environment.put("PATH", "/usr/bin:/bin");
	}

	Job shell(String script) {
		this.command = List.of("/bin/sh", "-c", script);
		return this;
	}

	Launch launch() {
		return new Launch(attempt(), this.workspace, this.command, this.environment, this.mounts, this.devices,
				Launch.WORK, new Limits(this.timeout, this.memory, this.disk, this.logs, this.processes), this.network,
				this.fixedAddressLayout, this.slot, this.cpus, stdout(), stderr(), this.busy);
	}

	Path attempt() {
		return this.folder.resolve("attempt");
	}

	Path stdout() {
		return this.folder.resolve("stdout.log");
	}

	Path stderr() {
		return this.folder.resolve("stderr.log");
	}

	String out() throws IOException {
		return Files.readString(stdout());
	}

	String err() throws IOException {
		return Files.readString(stderr());
	}

	boolean wrote(String text) {
		try {
			return Files.exists(stdout()) && out().contains(text);
		}
		catch (IOException ex) {
			return false;
		}
	}

	/**
	 * Every process of the machine that belongs to this attempt: that carries the marker,
	 * or names the attempt's folder in its command line.
	 */
	Set<Long> alive() {
		Set<Long> found = new TreeSet<>();
		try (Stream<Path> processes = Files.list(Path.of("/proc"))) {
			for (Path process : processes.toList()) {
				String name = process.getFileName().toString();
				if (name.matches("[0-9]+") && !name.equals(Long.toString(ProcessHandle.current().pid()))
						&& (read(process.resolve("environ")).contains(this.marker)
								|| read(process.resolve("cmdline")).contains(attempt().toString() + "\0"))) {
					found.add(Long.valueOf(name));
				}
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		return found;
	}

	/**
	 * Gives back the disks of all attempts below a folder.
	 */
	static void releaseAll(Path folder) throws IOException {
		try (Stream<Path> below = Files.find(folder, 5,
				(path, attributes) -> path.getFileName().toString().equals("volume.img"))) {
			for (Path image : below.toList()) {
				new Volume(image.resolveSibling(".").normalize()).release();
			}
		}
	}

	private static String read(Path file) {
		try {
			return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
		}
		catch (IOException ex) {
			return "";
		}
	}

}
