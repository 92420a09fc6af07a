package dev.reprise.executor.local;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import dev.reprise.executor.Limits;
import org.jspecify.annotations.Nullable;

/**
 * The disk of one attempt: {@code work}, {@code outputs} and {@code record} lie in a file
 * system of their own, in a file beside them, whose size and number of files are hard
 * limits. Needs root and loop devices.
 *
 * @param attemptFolder where its file is
 */
record Volume(Path attemptFolder) {

	private static final String SCRIPT = script();

	private static final int NO_ROOM = 76;

	private static final long PATIENCE_SECONDS = 120;

	/**
	 * It counts as full when all but this part of the limit is used: a job that asks for
	 * more than there is leaves the rest.
	 */
	private static final long LEFT_PART = 64;

	private static String script() {
		try (InputStream in = Volume.class.getResourceAsStream("volume.sh")) {
			if (in == null) {
				throw new IllegalStateException("volume.sh is missing from the program");
			}
			return new String(in.readAllBytes(), StandardCharsets.UTF_8);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static final long MACHINE_RESERVE = 1L << 30;

	/**
	 * Makes it, with what the three folders hold.
	 * @param workspace where its folders are seen
	 * @return why there is none, a part of a sentence, or null where there is one
	 */
	@Nullable String make(Path workspace, Limits limits) throws IOException {
		if (inMemory()) {
			return "its folder lies in memory";
		}
		long size = size(limits);
		String noRoom = "the machine has no room for " + limits.disk() + " bytes at once";
		if (Files.getFileStore(this.attemptFolder).getUsableSpace() - size <= MACHINE_RESERVE) {
			return noRoom;
		}
		Files.writeString(this.attemptFolder.resolve("workspace.path"), workspace.toString());
		write(workspace);
		Outcome outcome = script("make", workspace.toString(), Long.toString(size), Long.toString(limits.files()));
		if (outcome.code() == 0) {
			return null;
		}
		script("release");
		return (outcome.code() == NO_ROOM) ? noRoom : "no file system can be mounted: " + outcome.words();
	}

	/**
	 * Tables of inodes and what else the file system keeps for itself, a fiftieth for
	 * one, do not count.
	 */
	private static long size(Limits limits) {
		long kept = (limits.disk() < 50 * (16L << 20)) ? limits.disk() / 50 : 16L << 20;
		return limits.disk() + limits.files() * 256 + limits.disk() / 256 + kept + (4L << 20);
	}

	/**
	 * Writes down what is shown where.
	 */
	private void write(Path workspace) throws IOException {
		MountTable table = new MountTable();
		for (String name : List.of("work", "outputs", "record")) {
			table.bind(this.attemptFolder.resolve("reprise-volume").resolve(name), workspace.resolve(name));
		}
		Files.writeString(table(), table.toString());
	}

	private Path table() {
		return this.attemptFolder.resolve("volume.mounts");
	}

	private boolean inMemory() throws IOException {
		String type = Files.getFileStore(this.attemptFolder).type();
		return type.equals("tmpfs") || type.equals("ramfs");
	}

	boolean exists() {
		return Files.exists(this.attemptFolder.resolve("volume.img"));
	}

	/**
	 * Shows again what is on it, read-only, where the machine was started anew since.
	 */
	void attach() throws IOException {
		if (exists()) {
			String workspace = Files.readString(this.attemptFolder.resolve("workspace.path"));
			if (!Files.exists(table())) {
				write(Path.of(workspace));
			}
			Outcome outcome = script("attach", workspace);
			if (outcome.code() != 0) {
				throw new IOException("what the job left cannot be shown: " + outcome.words());
			}
		}
	}

	/**
	 * Shows it no longer, but keeps it: the service ends, and the next one collects what
	 * is on it.
	 */
	void detach() throws IOException {
		if (exists()) {
			script("detach");
		}
	}

	/**
	 * Gives it back with all that is on it.
	 */
	void release() throws IOException {
		if (exists()) {
			Outcome outcome = script("release");
			if (outcome.code() != 0) {
				throw new IOException("the disk of an attempt cannot be given back: " + outcome.words());
			}
		}
	}

	/**
	 * What to ask how much of it is free.
	 */
	FileStore store() throws IOException {
		return Files.getFileStore(this.attemptFolder.resolve("reprise-volume"));
	}

	static boolean isFull(FileStore store, long limit) {
		try {
			return store.getTotalSpace() - store.getUnallocatedSpace() >= limit - limit / LEFT_PART;
		}
		catch (IOException ex) {
			return false;
		}
	}

	/**
	 * Whether it takes no file more.
	 */
	boolean isOutOfFiles() throws IOException {
		Outcome outcome = run(
				List.of("stat", "-f", "-c", "%d", this.attemptFolder.resolve("reprise-volume").toString()));
		return outcome.code() == 0 && outcome.words().equals("0");
	}

	private Outcome script(String action, String... more) throws IOException {
		List<String> command = new ArrayList<>(
				List.of("/bin/sh", "-c", SCRIPT, "volume", action, this.attemptFolder.toString()));
		command.addAll(List.of(more));
		return run(command);
	}

	private static Outcome run(List<String> command) throws IOException {
		ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
		builder.environment().clear();
		builder.environment().put("PATH", LocalExecutor.PATH);
		builder.redirectInput(Path.of("/dev/null").toFile());
		Process process = builder.start();
		try {
			String words = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
			if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
				throw new IOException("it took longer than " + PATIENCE_SECONDS + " s");
			}
			return new Outcome(process.exitValue(), words);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IOException("interrupted while waiting for the disk of an attempt", ex);
		}
		finally {
			process.destroyForcibly();
		}
	}

	private record Outcome(int code, String words) {
	}

}
