package dev.reprise.queue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;

import dev.reprise.executor.Isolation;
import dev.reprise.run.Run;
import dev.reprise.run.RunSubmitted;
import dev.reprise.run.RunTransitions;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.context.SmartLifecycle;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/**
 * Starts waiting runs as soon as what they need is free: higher priority first, then
 * older; what stands at the head holds back those behind it.
 */
@Component
class WorkerPool implements SmartLifecycle {

	private static final Logger log = LoggerFactory.getLogger(WorkerPool.class);

	private final WaitingRuns waiting;

	private final Machine machine;

	private final RunTransitions transitions;

	private final AttemptRunner runner;

	private final Recovery recovery;

	private final Drain drain;

	private final Isolation isolation;

	private final Semaphore wake = new Semaphore(0);

	private volatile @Nullable Thread queue;

	private volatile boolean running;

	WorkerPool(WaitingRuns waiting, Machine machine, RunTransitions transitions, AttemptRunner runner,
			Recovery recovery, Drain drain, Isolation isolation) {
		this.waiting = waiting;
		this.machine = machine;
		this.transitions = transitions;
		this.runner = runner;
		this.recovery = recovery;
		this.drain = drain;
		this.isolation = isolation;
	}

	@Override
	public void start() {
		try {
			this.recovery.recover();
		}
		catch (IOException ex) {
			throw new UncheckedIOException("what a former life of the service left could not be recovered", ex);
		}
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

	private void work() {
		while (this.running) {
			this.wake.acquireUninterruptibly();
			this.wake.drainPermits();
			try {
				startWhatFits();
			}
			catch (RuntimeException ex) {
				log.error("the queue could not be read; it is read again when a run comes or ends", ex);
			}
		}
	}

	private void startWhatFits() {
		for (Optional<Run> head = this.waiting.head(); this.running && head.isPresent(); head = this.waiting.head()) {
			Run run = head.get();
			Optional<Allocation> allocation = this.machine.take(run);
			if (allocation.isEmpty()) {
				return;
			}
			if (this.transitions.claim(run.id(), run.attempt(), this.isolation.name())) {
				start(allocation.get());
			}
			else {
				this.machine.giveBack(allocation.get());
			}
		}
	}

	private void start(Allocation allocation) {
		Thread attempt = Thread.ofPlatform().daemon().name("attempt-" + allocation.run()).unstarted(() -> {
			if (this.runner.run(allocation)) {
				this.machine.giveBack(allocation);
			}
			else {
				log.error("a process of run {} cannot be ended; its cores and memory stay out of use",
						allocation.run());
			}
			this.wake.release();
		});
		attempt.start();
		this.drain.follow(attempt);
	}

	/**
	 * What each waiting run waits for, in the order in which they will start.
	 */
	List<Waiting> waiting() {
		List<Run> runs = this.waiting.first(100);
		return runs.stream().map((run) -> {
			String lacking = this.machine.lacking(run);
			boolean head = run.id().equals(runs.getFirst().id());
			return new Waiting(run.id(),
					!head ? "stands behind " + runs.getFirst().id() : (lacking != null) ? lacking : "starts next");
		}).toList();
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
