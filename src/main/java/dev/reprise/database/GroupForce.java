package dev.reprise.database;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

import org.jspecify.annotations.Nullable;

/**
 * Forces to the disk once for all who ask meanwhile: who asks waits for a force that
 * began after they asked, and the first of those who wait leads it.
 */
final class GroupForce {

	private final Runnable force;

	private final ReentrantLock lock = new ReentrantLock();

	private final Condition done = this.lock.newCondition();

	private @Nullable Round running;

	private Round next = new Round();

	/**
	 * A group.
	 * @param force forces all that was written before it began
	 */
	GroupForce(Runnable force) {
		this.force = force;
	}

	/**
	 * Returns when all that was written before the call is on the disk.
	 * @throws IllegalStateException if the force failed; it is not tried again, since the
	 * kernel reports a failure once
	 */
	void force() {
		Round mine;
		this.lock.lock();
		try {
			mine = this.next;
			// Not interruptible: an interrupt inside H2 would close it for all.
			while (!mine.over && this.running != null) {
				this.done.awaitUninterruptibly();
			}
			if (!mine.over) {
				this.running = mine;
				this.next = new Round();
			}
		}
		finally {
			this.lock.unlock();
		}
		if (!mine.over) {
			lead(mine);
		}
		RuntimeException failure = mine.failure;
		if (failure != null) {
			throw new IllegalStateException("what was written could not be forced to the disk", failure);
		}
	}

	private void lead(Round round) {
		RuntimeException failure = null;
		try {
			this.force.run();
		}
		catch (RuntimeException ex) {
			failure = ex;
		}
		finally {
			this.lock.lock();
			try {
				round.failure = failure;
				round.over = true;
				this.running = null;
				this.done.signalAll();
			}
			finally {
				this.lock.unlock();
			}
		}
	}

	/**
	 * One force, and how it went.
	 */
	private static final class Round {

		private volatile boolean over;

		private volatile @Nullable RuntimeException failure;

	}

}
