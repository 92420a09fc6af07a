package dev.reprise.database;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;

/**
 * Does once for many what each of them asks for: who comes while a round is under way
 * waits for the next, which begins when that one is over, and the first of those who wait
 * leads it for all.
 *
 * @param <T> what each brings
 */
final class Rounds<T> {

	private final Consumer<List<T>> work;

	/**
	 * Held by the round that is under way. Of each kind at most one waits for it, who
	 * leads the next.
	 */
	private final Semaphore turn;

	private Round<T> next = new Round<>();

	/**
	 * Rounds.
	 * @param turn one permit, which rounds of other kinds may take too: more gather for a
	 * round while it waits for theirs
	 * @param work is given what all brought who came before it began
	 */
	Rounds(Semaphore turn, Consumer<List<T>> work) {
		this.turn = turn;
		this.work = work;
	}

	/**
	 * Returns when a round that began after the call is over.
	 * @throws CompletionException if it failed; it is not tried again
	 */
	void join(T brought) {
		Round<T> mine;
		boolean leads;
		synchronized (this) {
			mine = this.next;
			leads = mine.brought.isEmpty();
			mine.brought.add(brought);
		}
		if (leads) {
			lead(mine);
		}
		// Not interruptible: an interrupt inside H2 would close it for all.
		mine.over.join();
	}

	private void lead(Round<T> round) {
		this.turn.acquireUninterruptibly();
		try {
			synchronized (this) {
				this.next = new Round<>();
			}
			this.work.accept(round.brought);
			round.over.complete(null);
		}
		catch (Throwable ex) {
			round.over.completeExceptionally(ex);
		}
		finally {
			this.turn.release();
		}
	}

	private static final class Round<T> {

		private final List<T> brought = new ArrayList<>();

		private final CompletableFuture<Void> over = new CompletableFuture<>();

	}

}
