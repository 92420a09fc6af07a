package dev.reprise.executor.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * The control group of one attempt.
 *
 * @param folders one in version 2, one for each controller in version 1, none where the
 * machine has none
 */
record ControlGroup(List<Path> folders) {

	Set<Long> processes() {
		Set<Long> processes = new HashSet<>();
		for (Path folder : this.folders) {
			try {
				Files.readAllLines(folder.resolve("cgroup.procs")).forEach((line) -> processes.add(Long.valueOf(line)));
			}
			catch (IOException ex) {
				// gone
			}
		}
		return processes;
	}

	/**
	 * Kills whatever is in it.
	 * @return whether it is empty
	 */
	boolean end(Duration atMost) throws InterruptedException {
		return Waiting.until(atMost, () -> {
			for (Path folder : this.folders) {
				Path kill = folder.resolve("cgroup.kill");
				if (Files.exists(kill)) {
					try {
						Files.writeString(kill, "1");
					}
					catch (IOException ex) {
						// the processes one by one, then
					}
				}
			}
			Set<Long> left = processes();
			left.forEach((pid) -> ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly));
			return left.isEmpty();
		});
	}

	/**
	 * How many processes the kernel killed for memory.
	 */
	long killedForMemory() {
		return Math.max(number("memory.oom_control", "oom_kill"), number("memory.events", "oom_kill"));
	}

	/**
	 * How many processes the kernel refused.
	 */
	long refusedProcesses() {
		return number("pids.events", "max");
	}

	/**
	 * The most memory that it ever held, in bytes; null where the kernel does not say.
	 */
	@Nullable Long peakMemory() {
		for (Path folder : this.folders) {
			for (String name : List.of("memory.max_usage_in_bytes", "memory.peak")) {
				try {
					return Long.valueOf(Files.readString(folder.resolve(name)).strip());
				}
				catch (IOException | NumberFormatException ex) {
					// another folder may have it
				}
			}
		}
		return null;
	}

	private long number(String file, String key) {
		for (Path folder : this.folders) {
			try {
				for (String line : Files.readAllLines(folder.resolve(file))) {
					if (line.startsWith(key + " ")) {
						return Long.parseLong(line.substring(key.length() + 1).strip());
					}
				}
			}
			catch (IOException | NumberFormatException ex) {
				// another folder may have it
			}
		}
		return 0;
	}

	/**
	 * Removes it. A group stays busy for a moment after its last process ended.
	 * @return whether it is gone
	 */
	boolean remove() {
		try {
			return Waiting.until(Duration.ofSeconds(2), () -> {
				boolean gone = true;
				for (Path folder : this.folders) {
					try {
						Files.deleteIfExists(folder);
					}
					catch (NoSuchFileException ex) {
						// gone
					}
					catch (IOException ex) {
						gone = false;
					}
				}
				return gone;
			});
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return false;
		}
	}

}
