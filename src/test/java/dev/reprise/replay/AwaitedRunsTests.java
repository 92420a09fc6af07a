package dev.reprise.replay;

import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import dev.reprise.run.RunEnded;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What waits for runs goes on when one has ended, and at a start.
 */
class AwaitedRunsTests {

	private final AwaitedRuns awaited = new AwaitedRuns();

	private final BlockingQueue<String> gone = new LinkedBlockingQueue<>();

	@AfterEach
	void close() {
		this.awaited.close();
	}

	@Test
	void whatWaitsForARunGoesOnInItsOrderWhenThatHasEnded() throws InterruptedException {
		this.awaited.add("test", (run) -> List.of("first of " + run, "second of " + run), List::of, this.gone::add);
		this.awaited.ended(new RunEnded("a"));
		assertThat(next()).isEqualTo("first of a");
		assertThat(next()).isEqualTo("second of a");
		assertThat(this.gone).isEmpty();
	}

	@Test
	void whatAFormerLifeHadBegunGoesOnAtTheStart() throws InterruptedException {
		this.awaited.add("test", (run) -> List.of(), () -> List.of("one", "other"), this.gone::add);
		this.awaited.goOnWithWhatWasBegun();
		assertThat(next()).isEqualTo("one");
		assertThat(next()).isEqualTo("other");
	}

	@Test
	void oneThatFailsKeepsNoOtherFromGoingOn() throws InterruptedException {
		this.awaited.add("test", (run) -> List.of("bad", "good"), List::of, (id) -> {
			if (id.equals("bad")) {
				throw new IllegalStateException("as the test wants it");
			}
			this.gone.add(id);
		});
		this.awaited.ended(new RunEnded("a"));
		assertThat(next()).isEqualTo("good");
	}

	@Test
	void aSortThatTakesLongKeepsNoOtherSortWaiting() throws InterruptedException {
		BlockingQueue<String> never = new LinkedBlockingQueue<>();
		this.awaited.add("slow", (run) -> List.of(run), List::of, (id) -> {
			try {
				this.gone.add("never " + never.take());
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
		});
		this.awaited.add("quick", (run) -> List.of(run), List::of, this.gone::add);
		this.awaited.ended(new RunEnded("a"));
		assertThat(next()).isEqualTo("a");
		never.add("");
	}

	private @Nullable String next() throws InterruptedException {
		return this.gone.poll(30, TimeUnit.SECONDS);
	}

}
