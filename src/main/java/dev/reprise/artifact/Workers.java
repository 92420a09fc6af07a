package dev.reprise.artifact;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A few threads that read and write files.
 */
final class Workers implements AutoCloseable {

	/**
	 * How many files are in hand at a time, unless told otherwise.
	 */
	static final int DEFAULT_THREADS = 2;

	private final ExecutorService threads;

	Workers(int threads) {
		this.threads = Executors.newFixedThreadPool(threads, Thread.ofPlatform().name("files-", 0).daemon().factory());
	}

	/**
	 * Does one thing with each item. After a failure no further item is begun, and the
	 * failure is thrown when none is in hand any more.
	 */
	<T, R> List<R> each(List<T> items, Work<T, R> work) throws IOException {
		AtomicBoolean failed = new AtomicBoolean();
		List<Future<Optional<R>>> futures = new ArrayList<>(items.size());
		for (T item : items) {
			futures.add(this.threads.submit(() -> begin(item, work, failed)));
		}
		List<R> results = new ArrayList<>(items.size());
		Throwable failure = null;
		for (Future<Optional<R>> future : futures) {
			try {
				future.get().ifPresent(results::add);
			}
			catch (ExecutionException ex) {
				failure = (failure != null) ? failure : ex.getCause();
			}
			catch (InterruptedException ex) {
				failed.set(true);
				Thread.currentThread().interrupt();
				throw new InterruptedIOException("interrupted while working on files");
			}
		}
		if (failure != null) {
			throw asIs(failure);
		}
		return results;
	}

	private static <T, R> Optional<R> begin(T item, Work<T, R> work, AtomicBoolean failed) throws IOException {
		if (failed.get()) {
			return Optional.empty();
		}
		boolean done = false;
		try {
			Optional<R> result = Optional.of(work.on(item));
			done = true;
			return result;
		}
		finally {
			if (!done) {
				failed.set(true);
			}
		}
	}

	private static IOException asIs(Throwable cause) {
		return switch (cause) {
			case IOException ex -> ex;
			case RuntimeException ex -> throw ex;
			case Error ex -> throw ex;
			default -> new IOException(cause);
		};
	}

	@Override
	public void close() {
		this.threads.close();
	}

	/**
	 * What is done with one item.
	 *
	 * @param <T> the item
	 * @param <R> what comes of it
	 */
	@FunctionalInterface
	interface Work<T, R> {

		R on(T item) throws IOException;

	}

}
