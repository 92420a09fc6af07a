package dev.reprise.queue;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

/**
 * Stops the service without losing what runs: attempts have a while to come to their end,
 * the others are asked to end and their runs handed back to the queue. Bounded in time.
 */
@Component
class Drain {

	private static final Logger log = LoggerFactory.getLogger(Drain.class);

	/**
	 * For a job's own grace, the death of what outlives it, and the rows about it.
	 */
	private static final Duration HANDING_BACK = Duration.ofSeconds(12);

	private final Executions executions;

	private final Duration patience;

	private final Set<Thread> attempts = ConcurrentHashMap.newKeySet();

	Drain(Executions executions, @Value("${reprise.drain}") Duration patience) {
		this.executions = executions;
		this.patience = patience;
	}

	/**
	 * Remembers an attempt that is about to start.
	 */
	void follow(Thread attempt) {
		this.attempts.removeIf((earlier) -> earlier.getState() == Thread.State.TERMINATED);
		this.attempts.add(attempt);
	}

	/**
	 * To be called before anything starts.
	 */
	void open() {
		this.executions.open();
	}

	/**
	 * To be called when nothing starts any more.
	 */
	void drain() {
		long living = this.attempts.stream().filter(Thread::isAlive).count();
		if (living > 0) {
			log.info("stopping: {} runs have {} to end before they are handed back to the queue", living,
					this.patience);
		}
		if (!ended(this.patience)) {
			this.executions.handBack();
			if (!ended(HANDING_BACK)) {
				log.warn("not every run could be handed back in time; the next start takes care of them");
			}
		}
		this.executions.close();
	}

	private boolean ended(Duration atMost) {
		long end = System.nanoTime() + atMost.toNanos();
		for (Thread attempt : this.attempts) {
			try {
				long left = Math.max(1, TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime()));
				if (!attempt.join(Duration.ofMillis(left))) {
					return false;
				}
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
				return false;
			}
		}
		return true;
	}

}
