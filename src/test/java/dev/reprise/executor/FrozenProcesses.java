package dev.reprise.executor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;

/**
 * Processes that no signal ends until they are let go, as one that waits for a disk that
 * does not answer: those in a frozen control group of version 1. In version 2 such a
 * process can be killed.
 */
public final class FrozenProcesses implements AutoCloseable {

	private static final Path FREEZER = Path.of("/sys/fs/cgroup/freezer");

	private final Path group = FREEZER.resolve("reprise-test-" + UUID.randomUUID());

	/**
	 * Freezes these.
	 */
	public FrozenProcesses(Collection<Long> processes) throws IOException {
		Files.createDirectory(this.group);
		for (long process : processes) {
			Files.writeString(this.group.resolve("cgroup.procs"), Long.toString(process));
		}
		Files.writeString(this.group.resolve("freezer.state"), "FROZEN");
		await(() -> Files.readString(this.group.resolve("freezer.state")).strip().equals("FROZEN"));
	}

	/**
	 * Whether there can be any here.
	 */
	public static boolean canBe() {
		return Files.isWritable(FREEZER.resolve("cgroup.procs"));
	}

	/**
	 * Lets them go, and waits until they have died of what they were sent meanwhile.
	 */
	@Override
	public void close() throws IOException {
		Files.writeString(this.group.resolve("freezer.state"), "THAWED");
		await(() -> Files.readString(this.group.resolve("cgroup.procs")).isBlank());
		Files.delete(this.group);
	}

	private static void await(Condition condition) throws IOException {
		long end = System.nanoTime() + Duration.ofSeconds(10).toNanos();
		while (!condition.holds()) {
			if (System.nanoTime() > end) {
				throw new IOException("the control group did not come to it in 10 s");
			}
			LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
		}
	}

	@FunctionalInterface
	private interface Condition {

		boolean holds() throws IOException;

	}

}
