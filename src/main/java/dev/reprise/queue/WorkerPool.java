package dev.reprise.queue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

import dev.reprise.executor.Isolation;
import dev.reprise.executor.gpu.GpusChanged;
import dev.reprise.queue.schedule.Decision;
import dev.reprise.queue.schedule.WaitingRun;
import dev.reprise.run.RunSubmitted;
import dev.reprise.run.RunTransitions;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.context.SmartLifecycle;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/**
 * Starts waiting runs as soon as {@link dev.reprise.queue.schedule.Schedule} says so:
 * when one comes, when one ends, and when a GPU comes or goes.
 */
@Component
class WorkerPool implements SmartLifecycle {

	private static final Logger log = LoggerFactory.getLogger(WorkerPool.class);

	private static final int SHOWN = 100;

	private static final Duration LOOK_AT_DISK = Duration.ofSeconds(1);

	private final WaitingRuns waiting;

	private final Machine machine;

	private final RunTransitions transitions;

	private final AttemptRunner runner;

	private final Recovery recovery;

	private final Drain drain;

	private final Isolation isolation;

	private final AttemptGpus attemptGpus;

	private final DiskRoom room;

	private final Semaphore wake = new Semaphore(0);

	private volatile @Nullable Thread queue;

	private volatile boolean running;

	WorkerPool(WaitingRuns waiting, Machine machine, RunTransitions transitions, AttemptRunner runner,
			Recovery recovery, Drain drain, Isolation isolation, AttemptGpus attemptGpus, DiskRoom room) {
		this.waiting = waiting;
		this.machine = machine;
		this.transitions = transitions;
		this.runner = runner;
		this.recovery = recovery;
		this.drain = drain;
		this.isolation = isolation;
		this.attemptGpus = attemptGpus;
		this.room = room;
	}

	@Override
	public void start() {
		try {
			this.recovery.recover();
		}
		catch (IOException ex) {
			throw new UncheckedIOException("what a former life of the service left could not be recovered", ex);
		}
		this.drain.open();
		this.running = true;
		this.queue = Thread.ofPlatform().daemon().name("queue").start(this::work);
		this.wake.release();
	}

	/**
	 * Starts nothing more, and drains. Requests are answered meanwhile: what is submitted
	 * waits for the next start.
	 */
	@Override
	public void stop() {
		this.running = false;
		this.wake.release();
		Thread starting = this.queue;
		if (starting != null) {
			join(starting);
		}
		this.drain.drain();
	}

	private static void join(Thread thread) {
		try {
			thread.join();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	@Override
	public boolean isRunning() {
		return this.running;
	}

	@EventListener
	void submitted(RunSubmitted event) {
		this.wake.release();
	}

	@EventListener
	void changed(GpusChanged event) {
		this.wake.release();
	}

	private void work() {
		boolean room = true;
		while (this.running) {
			await(room);
			try {
				room = this.room.isThere();
				if (room) {
					startWhatFits();
				}
			}
			catch (RuntimeException ex) {
				log.error("the queue could not be read; it is read again when a run comes or ends", ex);
			}
		}
	}

	/**
	 * Until something happens. Nobody tells that there is room on the disk again.
	 */
	private void await(boolean room) {
		try {
			if (room) {
				this.wake.acquire();
			}
			else {
				this.wake.tryAcquire(LOOK_AT_DISK.toMillis(), TimeUnit.MILLISECONDS);
			}
			this.wake.drainPermits();
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException("nobody interrupts the queue", ex);
		}
	}

	private void startWhatFits() {
		boolean again = true;
		while (this.running && again && !this.machine.isFull()) {
			Decision decision = this.machine.decide(this.waiting.front(this.machine.promised()), true);
			// What started made room in what is read of the queue.
			again = !decision.starts().isEmpty() && this.room.isThere();
			for (Decision.Start start : decision.starts()) {
				if (this.running) {
					claim(start);
				}
			}
		}
	}

	private void claim(Decision.Start start) {
		WaitingRun run = start.run();
		Allocation allocation = this.machine.take(start);
		boolean claimed = false;
		try {
			claimed = this.transitions.claim(run.id(), run.attempt(), this.isolation.name());
		}
		finally {
			if (!claimed) {
				this.machine.giveBack(allocation);
			}
		}
		if (claimed) {
			start(allocation);
		}
	}

	private void start(Allocation allocation) {
		Thread attempt = Thread.ofPlatform().daemon().name("attempt-" + allocation.run()).unstarted(() -> {
			if (this.runner.run(allocation, () -> this.machine.lose(allocation))) {
				this.attemptGpus.look(allocation);
				this.machine.giveBack(allocation);
			}
			else {
				log.error("a process of run {} cannot be ended; what it holds stays out of use", allocation.run());
			}
			this.wake.release();
		});
		attempt.start();
		this.drain.follow(attempt);
	}

	/**
	 * What each waiting run waits for, in the order of the queue as it stands, the first
	 * hundred.
	 */
	List<Waiting> waiting() {
		Decision decision = this.machine.decide(this.waiting.front(this.machine.promised()), false);
		boolean room = this.room.isThere();
		List<Waiting> all = new ArrayList<>();
		decision.starts()
			.forEach((start) -> all.add(new Waiting(start.run().id(), room ? "starts next" : DiskRoom.WHY)));
		decision.waits().forEach((run, why) -> all.add(new Waiting(run, room ? why : DiskRoom.WHY + "; and " + why)));
		return all.subList(0, Math.min(all.size(), SHOWN));
	}

	/**
	 * How many wait in all.
	 */
	long waitingCount() {
		return this.waiting.count();
	}

	/**
	 * A run that waits.
	 *
	 * @param run its id
	 * @param why in words
	 */
	record Waiting(String run, String why) {
	}

}
