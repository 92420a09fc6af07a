package dev.reprise.database;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * One round for all who wait, but never one that began before they came.
 */
class RoundsTests {

	@Test
	void whoComesWhileARoundIsUnderWayWaitsForTheNext() throws Exception {
		Semaphore may = new Semaphore(0);
		CountDownLatch first = new CountDownLatch(1);
		AtomicInteger written = new AtomicInteger();
		List<Integer> seen = new ArrayList<>();
		List<Integer> brought = new ArrayList<>();
		Rounds<Integer> rounds = new Rounds<>(new Semaphore(1), (all) -> {
			int now = written.get();
			first.countDown();
			may.acquireUninterruptibly();
			synchronized (seen) {
				seen.add(now);
				brought.addAll(all);
			}
		});
		try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
			written.set(1);
			Future<?> leader = threads.submit(() -> rounds.join(0));
			first.await();
			written.set(2);
			CountDownLatch asked = new CountDownLatch(20);
			List<Future<?>> others = new ArrayList<>();
			for (int i = 1; i <= 20; i++) {
				int own = i;
				others.add(threads.submit(() -> {
					asked.countDown();
					rounds.join(own);
					synchronized (seen) {
						assertThat(seen).as("what was written before it came is part of its round").contains(2);
						assertThat(brought).contains(own);
					}
				}));
			}
			asked.await();
			may.release(100);
			leader.get();
			for (Future<?> other : others) {
				other.get();
			}
		}
		assertThat(seen.getFirst()).isEqualTo(1);
		assertThat(seen.size()).as("not one each").isLessThan(20);
		assertThat(brought).as("each once").hasSize(21).doesNotHaveDuplicates();
	}

	@Test
	void aRoundThatFailsFailsForAllInItAndIsNotTriedAgain() {
		AtomicInteger tries = new AtomicInteger();
		Rounds<String> rounds = new Rounds<>(new Semaphore(1), (all) -> {
			if (tries.incrementAndGet() == 1) {
				throw new IllegalArgumentException("the disk is gone");
			}
		});
		assertThatThrownBy(() -> rounds.join("a")).isInstanceOf(CompletionException.class)
			.hasRootCauseMessage("the disk is gone");
		assertThat(tries).hasValue(1);
		rounds.join("a");
		assertThat(tries).hasValue(2);
	}

}
