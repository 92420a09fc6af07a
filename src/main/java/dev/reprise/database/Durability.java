package dev.reprise.database;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Makes what was committed outlive a loss of power before anyone is told of it, once for
 * all who ask at one time. H2 has written a commit when it returns, so that it outlives
 * the service, but has not forced it to the disk; PostgreSQL has.
 */
@Component
public class Durability {

	private final ExecutorService helper = Executors
		.newSingleThreadExecutor(Thread.ofPlatform().daemon().name("force").factory());

	private final Rounds<Fresh> rounds;

	private final boolean forces;

	private final JdbcClient jdbc;

	private final RowCopies copies;

	private final RowFiles files;

	Durability(@Value("${spring.datasource.url}") String url, JdbcClient jdbc, RowCopies copies, RowFiles files,
			Semaphore turn) {
		this.rounds = new Rounds<>(turn, this::force);
		this.forces = !url.startsWith("jdbc:h2:");
		this.jdbc = jdbc;
		this.copies = copies;
		this.files = files;
	}

	/**
	 * Returns when all that was committed and copied before the call is on the disk. Not
	 * to be called in a transaction: who waits would hold a connection that another needs
	 * to force.
	 * @throws IllegalStateException if it cannot be forced; it is not tried again, since
	 * the kernel reports a failure once
	 */
	public void force() {
		force(RowKind.RUN, List.of());
	}

	/**
	 * The same, and what was just made is copied first, as by
	 * {@link RowCopies#first(RowKind, List)}.
	 * @throws IllegalStateException if it cannot be forced
	 */
	public void force(RowKind kind, List<String> made) {
		try {
			this.rounds.join(new Fresh(kind, made));
		}
		catch (CompletionException ex) {
			throw new IllegalStateException("what was written could not be forced to the disk", ex.getCause());
		}
	}

	private void force(List<Fresh> all) {
		// Both at once: they wait for the same disk.
		CompletableFuture<Void> database = this.forces ? CompletableFuture.completedFuture(null)
				: CompletableFuture.runAsync(() -> this.jdbc.sql("checkpoint sync").update(), this.helper);
		try {
			for (RowKind kind : RowKind.values()) {
				this.copies.first(kind,
						all.stream()
							.filter((fresh) -> fresh.kind() == kind)
							.flatMap((fresh) -> fresh.ids().stream())
							.toList());
			}
			this.files.force();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		finally {
			database.join();
		}
	}

	/**
	 * What was just made, none or more of one kind.
	 */
	private record Fresh(RowKind kind, List<String> ids) {
	}

}
