package dev.reprise.artifact;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

import jakarta.annotation.PreDestroy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/**
 * Removes blobs that nothing needs any more, from time to time. What was put, or was
 * found to be there by someone about to name it, within a certain age stays: a row that
 * names it may be on its way. The age is looked at under the lock that a put takes, so
 * that it does not matter how long the rows take to read.
 */
@Component
class Garbage {

	private static final Logger log = LoggerFactory.getLogger(Garbage.class);

	private final BlobStore store;

	private final List<BlobReferences> references;

	private final Clock clock;

	private final Duration age;

	private final Duration every;

	private final ScheduledExecutorService worker = Executors
		.newSingleThreadScheduledExecutor(Thread.ofPlatform().daemon().name("garbage").factory());

	Garbage(BlobStore store, List<BlobReferences> references, Clock clock,
			@Value("${reprise.garbage.age}") Duration age, @Value("${reprise.garbage.every}") Duration every) {
		this.store = store;
		this.references = references;
		this.clock = clock;
		this.age = age;
		this.every = every;
	}

	@EventListener(ApplicationReadyEvent.class)
	void begin() {
		var _ = this.worker.scheduleWithFixedDelay(this::collect, this.every.toMillis(), this.every.toMillis(),
				TimeUnit.MILLISECONDS);
	}

	private void collect() {
		try {
			long removed = removed();
			if (removed > 0) {
				log.info("removed {} blobs that no run and no diff names", removed);
			}
		}
		catch (IOException | RuntimeException ex) {
			log.error("garbage could not be collected; nothing was removed that is needed", ex);
		}
	}

	private long removed() throws IOException {
		// Before the rows are read: what is put after this is not looked at.
		Instant before = this.clock.instant().minus(this.age);
		Set<Digest> needed = new HashSet<>();
		for (BlobReferences references : this.references) {
			references.forEach(needed::add);
		}
		long[] removed = new long[1];
		this.store.forEach((digest) -> {
			try {
				if (!needed.contains(digest) && this.store.removeIfPutBefore(digest, before)) {
					removed[0]++;
				}
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		});
		return removed[0];
	}

	@PreDestroy
	void close() {
		// No interrupt: it may be reading rows.
		this.worker.shutdown();
	}

}
