package dev.reprise.environment;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

import jakarta.annotation.PreDestroy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;

/**
 * Removes environments that nobody has used for long, or that are too many: never one
 * that a run holds or waits to get, nor one that is being built.
 */
class EnvironmentCollector {

	private static final Logger log = LoggerFactory.getLogger(EnvironmentCollector.class);

	private final LockBuilding building;

	private final EnvironmentStore store;

	private final EnvironmentUsers users;

	private final BuildSettings settings;

	private final Clock clock;

	private final ScheduledExecutorService worker = Executors
		.newSingleThreadScheduledExecutor(Thread.ofPlatform().daemon().name("environments").factory());

	EnvironmentCollector(LockBuilding building, EnvironmentStore store, EnvironmentUsers users, BuildSettings settings,
			Clock clock) {
		this.building = building;
		this.store = store;
		this.users = users;
		this.settings = settings;
		this.clock = clock;
	}

	@EventListener(ApplicationReadyEvent.class)
	void begin() {
		if (this.building.toolchain() == null) {
			return;
		}
		long every = this.settings.every().toMillis();
		var _ = this.worker.scheduleWithFixedDelay(() -> {
			try {
				this.store.sweep();
				collect();
			}
			catch (IOException | RuntimeException ex) {
				log.error("unused environments could not be removed", ex);
			}
		}, 0, every, TimeUnit.MILLISECONDS);
	}

	/**
	 * Removes what is too old, then, the longest unused first, what is too much.
	 */
	void collect() throws IOException {
		List<Used> all = new ArrayList<>();
		for (BuiltEnvironment environment : this.store.all()) {
			all.add(new Used(environment, this.store.used(environment)));
		}
		all.sort(Comparator.comparing(Used::at));
		long bytes = all.stream().mapToLong((one) -> one.environment().bytes()).sum();
		Instant oldest = this.clock.instant().minus(this.settings.age());
		for (Used one : all) {
			boolean tooOld = one.at().isBefore(oldest);
			if ((tooOld || bytes > this.settings.size().toBytes()) && remove(one)) {
				bytes -= one.environment().bytes();
				log.info("removed the environment {}, unused since {}", one.environment().key(), one.at());
			}
		}
		clearCache();
	}

	/**
	 * Under the lock that whoever is about to run in it shares: it comes before this, and
	 * keeps it, or after, and has it built again.
	 */
	private boolean remove(Used one) throws IOException {
		String key = one.environment().key();
		if (!this.store.locks().tryExclude(key)) {
			return false;
		}
		try {
			if (this.users.need(one.environment().lock()) || !this.store.used(one.environment()).equals(one.at())) {
				return false;
			}
			this.store.remove(key);
			return true;
		}
		finally {
			this.store.locks().release(key);
		}
	}

	/**
	 * What uv keeps is linked into environments and costs nothing then; once a quarter of
	 * what environments may hold is linked by none, uv starts anew.
	 */
	private void clearCache() throws IOException {
		Path cache = this.store.staging().resolve(EnvironmentStore.UV);
		if (!Files.isDirectory(cache) || !this.store.locks().tryExclude(EnvironmentStore.UV)) {
			return;
		}
		try {
			long unlinked = unlinked(cache);
			if (unlinked > this.settings.size().toBytes() / 4) {
				EnvironmentFolders.remove(cache);
				log.info("removed uv's cache: {} bytes of it were in no environment", unlinked);
			}
		}
		finally {
			this.store.locks().release(EnvironmentStore.UV);
		}
	}

	private static long unlinked(Path cache) throws IOException {
		long[] bytes = new long[1];
		Files.walkFileTree(cache, new SimpleFileVisitor<>() {
			@Override
			public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
				if (attributes.isRegularFile() && Integer.valueOf(1).equals(Files.getAttribute(file, "unix:nlink"))) {
					bytes[0] += attributes.size();
				}
				return FileVisitResult.CONTINUE;
			}
		});
		return bytes[0];
	}

	@PreDestroy
	void close() {
		this.worker.shutdown();
	}

	private record Used(BuiltEnvironment environment, Instant at) {
	}

}
