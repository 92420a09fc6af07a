package dev.reprise.executor.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;

import dev.reprise.executor.local.AttemptFiles.Outer;

/**
 * Ends what is left of an attempt whose pipe nobody holds any more. The supervisor does
 * that itself within milliseconds; this is for the supervisor that was killed.
 */
final class Leftovers {

	private static final Duration BY_ITSELF = Duration.ofSeconds(2);

	private Leftovers() {
	}

	/**
	 * Waits for the supervisor, then ends it and whatever it held.
	 * @return whether nothing is left
	 */
	static boolean end(AttemptFiles files, ControlGroup group) throws InterruptedException {
		if (!Files.exists(files.folder())) {
			return true;
		}
		forbidStart(files);
		boolean free = unlocked(files, BY_ITSELF);
		if (!free) {
			kill(files);
			free = unlocked(files, LocalExecutor.DEATH);
		}
		return group.end(LocalExecutor.DEATH) && endMarked(files.mark()) && free;
	}

	/**
	 * Whose supervisor was killed where there are no control groups has nobody else who
	 * knows of it.
	 * @return whether none is left
	 */
	private static boolean endMarked(String mark) throws InterruptedException {
		return Waiting.until(LocalExecutor.DEATH, () -> {
			Set<Long> left = MarkedProcesses.with(mark);
			left.forEach((pid) -> ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly));
			return left.isEmpty();
		});
	}

	/**
	 * A supervisor that has not come to take its lock shall not start after this.
	 */
	private static void forbidStart(AttemptFiles files) {
		try {
			files.write("ended", "");
		}
		catch (IOException ex) {
			// it then finds its pipe closed
		}
	}

	/**
	 * Whether the lock is free. Java's own locks are of another kind.
	 */
	private static boolean unlocked(AttemptFiles files, Duration atMost) throws InterruptedException {
		if (!Files.exists(files.lock())) {
			return true;
		}
		try {
			String seconds = Long.toString(Math.max(1, atMost.toSeconds()));
			ProcessBuilder builder = new ProcessBuilder(Sandbox.program("flock"), "-w", seconds,
					files.lock().toString(), "true");
			builder.redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD);
			Process process = builder.start();
			if (!process.waitFor(atMost.toMillis() + 1000, TimeUnit.MILLISECONDS)) {
				process.destroyForcibly();
				return false;
			}
			return process.exitValue() == 0;
		}
		catch (IOException ex) {
			return false;
		}
	}

	private static void kill(AttemptFiles files) {
		Outer outer = files.outer();
		if (outer != null) {
			ProcessHandle.of(outer.pid())
				.filter((handle) -> outer.started().equals(started(outer.pid())))
				.ifPresent((handle) -> {
					List<ProcessHandle> below = handle.descendants().toList();
					handle.destroyForcibly();
					below.forEach(ProcessHandle::destroyForcibly);
				});
		}
		forEachHolder(files.lock(), (pid) -> ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly));
	}

	/**
	 * The kernel's start time of a process, in ticks since the machine started.
	 */
	static String started(long pid) {
		try {
			String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
			return stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1)[19];
		}
		catch (IOException | IndexOutOfBoundsException ex) {
			return "";
		}
	}

	/**
	 * Processes that have the lock's file open, but for this one: the supervisor's, since
	 * no job gets it.
	 */
	private static void forEachHolder(Path lock, Consumer<Long> action) {
		try (Stream<Path> processes = Files.list(Path.of("/proc"))) {
			processes.filter((path) -> path.getFileName().toString().matches("[0-9]+"))
				.filter((path) -> holds(path.resolve("fd"), lock))
				.map((path) -> Long.valueOf(path.getFileName().toString()))
				.filter((pid) -> pid != ProcessHandle.current().pid())
				.forEach(action);
		}
		catch (IOException ex) {
			// no /proc, no way to find them
		}
	}

	private static boolean holds(Path descriptors, Path lock) {
		try (Stream<Path> list = Files.list(descriptors)) {
			return list.anyMatch((descriptor) -> {
				try {
					return Files.readSymbolicLink(descriptor).equals(lock);
				}
				catch (IOException ex) {
					return false;
				}
			});
		}
		catch (IOException ex) {
			return false;
		}
	}

}
