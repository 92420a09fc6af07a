package dev.reprise.database;

import java.util.ArrayList;
import java.util.List;
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
 * One force for all who wait, but never one that began before they asked.
 */
class GroupForceTests {

	@Test
	void whoComesWhileOneIsUnderWayWaitsForTheNext() throws Exception {
		Semaphore may = new Semaphore(0);
		CountDownLatch first = new CountDownLatch(1);
		AtomicInteger written = new AtomicInteger();
		List<Integer> forced = new ArrayList<>();
		GroupForce group = new GroupForce(() -> {
			int seen = written.get();
			first.countDown();
			may.acquireUninterruptibly();
			synchronized (forced) {
				forced.add(seen);
			}
		});
		try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
			written.set(1);
			Future<?> leader = threads.submit(group::force);
			first.await();
			written.set(2);
			CountDownLatch asked = new CountDownLatch(20);
			List<Future<?>> others = new ArrayList<>();
			for (int i = 0; i < 20; i++) {
				others.add(threads.submit(() -> {
					asked.countDown();
					group.force();
					synchronized (forced) {
						assertThat(forced).as("what was written before it asked is forced").contains(2);
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
		assertThat(forced.getFirst()).isEqualTo(1);
		assertThat(forced.size()).as("not one each").isLessThan(20);
	}

	@Test
	void aForceThatFailsFailsForAllWhoWaitedForItAndIsNotTriedAgain() {
		AtomicInteger tries = new AtomicInteger();
		GroupForce group = new GroupForce(() -> {
			if (tries.incrementAndGet() == 1) {
				throw new IllegalArgumentException("the disk is gone");
			}
		});
		assertThatThrownBy(group::force).isInstanceOf(IllegalStateException.class)
			.hasRootCauseMessage("the disk is gone");
		assertThat(tries).hasValue(1);
		group.force();
		assertThat(tries).hasValue(2);
	}

}
