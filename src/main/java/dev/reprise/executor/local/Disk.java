package dev.reprise.executor.local;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;

import dev.reprise.executor.Launch;
import dev.reprise.executor.Limits;
import org.jspecify.annotations.Nullable;

/**
 * The disk of one attempt while it runs. Where it has a volume of its own the kernel
 * holds the limit, and this only remembers that it was reached; elsewhere it is measured
 * again and again.
 */
final class Disk {

	/**
	 * A file that its last process closes is gone with the job: what it filled is seen
	 * while it lives or not at all.
	 */
	private static final Duration LOOK = Duration.ofMillis(20);

	private static final Duration MEASURE = Duration.ofMillis(500);

	/**
	 * Free bytes under which the machine's own disk counts as full.
	 */
	private static final long MACHINE_FULL = 16L * 1024 * 1024;

	private final Launch launch;

	private final @Nullable Volume volume;

	private final @Nullable String whySoft;

	private final CountDownLatch gone = new CountDownLatch(1);

	private volatile boolean wasFull;

	private Disk(Launch launch, @Nullable Volume volume, @Nullable String whySoft) {
		this.launch = launch;
		this.volume = volume;
		this.whySoft = whySoft;
	}

	/**
	 * The hard one where it can be had.
	 * @param whyNot why it cannot, if that is known
	 */
	static Disk of(Launch launch, @Nullable String whyNot) throws IOException {
		Volume volume = new Volume(launch.attemptFolder());
		String why = (whyNot != null) ? whyNot : volume.make(launch.workspace(), launch.limits());
		return new Disk(launch, (why == null) ? volume : null, why);
	}

	/**
	 * What is weaker than it could be, none or one sentence.
	 */
	List<String> soft() {
		return (this.whySoft == null) ? List.of()
				: List.of("disk: soft, what the job wrote is measured every 0.5 s, because " + this.whySoft);
	}

	/**
	 * Watches it until {@link #stop()}.
	 * @param processes the job's
	 * @param end told when the limit is passed
	 */
	void watch(String name, Supplier<Collection<Long>> processes, Consumer<String> end) {
		Thread.ofPlatform().daemon().name(name).start(() -> {
			try {
				if (this.volume != null) {
					look(this.volume.store());
				}
				else {
					measure(processes, end);
				}
			}
			catch (IOException ex) {
				end.accept("the job's disk cannot be watched: " + ex.getMessage());
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
		});
	}

	private void look(FileStore store) throws InterruptedException {
		do {
			this.wasFull |= Volume.isFull(store, this.launch.limits().disk());
		}
		while (!this.gone.await(LOOK.toMillis(), TimeUnit.MILLISECONDS));
	}

	private void measure(Supplier<Collection<Long>> processes, Consumer<String> end) throws InterruptedException {
		Path workspace = this.launch.workspace();
		List<Path> folders = List.of(workspace.resolve("work"), workspace.resolve("outputs"),
				workspace.resolve("record"));
		long limit = this.launch.limits().disk();
		long files = this.launch.limits().files();
		long pause = MEASURE.toMillis();
		while (!this.gone.await(pause, TimeUnit.MILLISECONDS)) {
			long begin = System.nanoTime();
			try {
				DiskUse use = DiskUse.of(folders, DiskUse.nameless(processes.get(), workspace));
				if (use.bytes() > limit || use.files() > files) {
					end.accept((Math.max(use.bytes(), use.files()) == Long.MAX_VALUE)
							? "the workspace holds too many files to measure" : "the workspace holds " + use.bytes()
									+ " bytes in " + use.files() + " files, its limit is " + limit + " in " + files);
					return;
				}
			}
			catch (IOException ex) {
				// measured again in a moment
			}
			// A walk that takes long is not made all the time.
			pause = Math.max(MEASURE.toMillis(), TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin) * 4);
		}
	}

	/**
	 * To be called when the job has ended.
	 */
	void stop() {
		this.gone.countDown();
	}

	/**
	 * What was full, in words, or null.
	 */
	@Nullable String full() {
		return full(this.volume, this.launch.workspace(), this.launch.limits().disk(), this.wasFull);
	}

	/**
	 * What of the disk of an attempt is full that a former life of the service started,
	 * in words, or null. What the job has removed since is not known any more.
	 */
	static @Nullable String fullAfterwards(AttemptFiles files) {
		Volume volume = new Volume(files.folder());
		OptionalLong limit = files.disk();
		return limit.isEmpty() ? null : full(volume.exists() ? volume : null, files.folder(), limit.getAsLong(), false);
	}

	private static @Nullable String full(@Nullable Volume own, Path onMachine, long limit, boolean wasFull) {
		try {
			if (own == null) {
				return (Files.getFileStore(onMachine).getUsableSpace() < MACHINE_FULL) ? "the machine's disk is full"
						: null;
			}
			if (wasFull || Volume.isFull(own.store(), limit)) {
				return "its disk of " + limit + " bytes was full";
			}
			return own.isOutOfFiles()
					? "its disk held all of the " + Limits.files(limit) + " files and folders that it may" : null;
		}
		catch (IOException ex) {
			return null;
		}
	}

}
