package dev.reprise.database;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Makes what was committed outlive a loss of power before anyone is told of it. H2 has
 * written a commit when it returns, so that it outlives the service, but has not forced
 * it to the disk; PostgreSQL has.
 */
@Component
public class Durability {

	private final ExecutorService helper = Executors
		.newSingleThreadExecutor(Thread.ofPlatform().daemon().name("force").factory());

	private final GroupForce group;

	Durability(@Value("${spring.datasource.url}") String url, JdbcClient jdbc, RowFiles files) {
		boolean forces = !url.startsWith("jdbc:h2:");
		this.group = new GroupForce(() -> {
			// Both at once: they wait for the same disk.
			CompletableFuture<Void> copies = CompletableFuture.runAsync(() -> force(files), this.helper);
			try {
				if (!forces) {
					jdbc.sql("checkpoint sync").update();
				}
			}
			finally {
				copies.join();
			}
		});
	}

	private static void force(RowFiles files) {
		try {
			files.force();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Returns when all that was committed and copied before the call is on the disk. Not
	 * to be called in a transaction: who waits would hold a connection that another needs
	 * to force.
	 * @throws IllegalStateException if it cannot be forced
	 */
	public void force() {
		this.group.force();
	}

}
