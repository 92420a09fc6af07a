package dev.reprise.database;

import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;

import dev.reprise.http.Idempotency;
import org.jspecify.annotations.Nullable;

import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Makes the changes of all who ask at one time in one transaction, since a commit costs
 * more than what most of them write. Where one of them fails nothing of the others is
 * lost: each is then made in a transaction of its own.
 */
@Component
class GroupTransaction implements Idempotency.Transaction {

	private final TransactionTemplate transaction;

	private final Rounds<Change<?>> rounds;

	GroupTransaction(TransactionTemplate transaction, Semaphore turn) {
		this.rounds = new Rounds<>(turn, this::together);
		this.transaction = transaction;
	}

	@Override
	public <T> T execute(Supplier<T> change) {
		if (TransactionSynchronizationManager.isActualTransactionActive()) {
			throw new IllegalStateException(
					"the changes of others would become part of a transaction that is not theirs");
		}
		Change<T> mine = new Change<>(change);
		this.rounds.join(mine);
		return mine.result();
	}

	private void together(List<Change<?>> changes) {
		if (changes.size() == 1 || !committed(changes)) {
			changes.forEach((change) -> committed(List.of(change)));
		}
	}

	/**
	 * @return whether each has its result; false where a transaction of several was taken
	 * back because one of them failed
	 */
	private boolean committed(List<Change<?>> changes) {
		boolean[] written = new boolean[1];
		try {
			this.transaction.executeWithoutResult((status) -> {
				changes.forEach(Change::make);
				// What a constraint refuses is to show here, not in the commit.
				status.flush();
				written[0] = true;
			});
		}
		catch (RuntimeException ex) {
			// A commit that failed may have been made for all that is known: to make the
			// changes again might make them twice.
			if (changes.size() > 1 && !written[0]) {
				return false;
			}
			changes.forEach((change) -> change.failed(ex));
		}
		return true;
	}

	/**
	 * What one asked for.
	 */
	private static final class Change<T> {

		private final Supplier<T> change;

		private volatile @Nullable T made;

		private volatile @Nullable RuntimeException failure;

		Change(Supplier<T> change) {
			this.change = change;
		}

		void make() {
			this.made = this.change.get();
		}

		void failed(RuntimeException ex) {
			this.failure = ex;
		}

		T result() {
			RuntimeException ex = this.failure;
			T result = this.made;
			if (ex != null || result == null) {
				throw (ex != null) ? ex : new IllegalStateException("a change gave no result");
			}
			return result;
		}

	}

}
