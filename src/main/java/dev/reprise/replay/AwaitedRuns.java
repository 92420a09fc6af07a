package dev.reprise.replay;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

import dev.reprise.run.RunEnded;
import jakarta.annotation.PreDestroy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/**
 * Goes on with what waits for runs, whenever one of them has ended, and at the start of
 * the service with all that a former life had begun.
 */
@Component
public class AwaitedRuns {

	private static final Logger log = LoggerFactory.getLogger(AwaitedRuns.class);

	private final List<Waiting> all = new CopyOnWriteArrayList<>();

	/**
	 * Adds a sort of things that wait. Each sort has a thread of its own, since one may
	 * take long.
	 * @param name what one is called, for people
	 * @param ofRun the ids of those that wait for a run, in the order in which they are
	 * to go on
	 * @param pending the ids of those that are not done, in that order
	 * @param advance takes one as far as it can be taken now, whatever a former life had
	 * come to: it is called for what is done or still waits too, and each part must
	 * happen once. What it throws is logged, and the next start tries again
	 */
	public void add(String name, Function<String, List<String>> ofRun, Supplier<List<String>> pending,
			Consumer<String> advance) {
		this.all.add(new Waiting(name, ofRun, pending, advance,
				Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().name(name).factory())));
	}

	@EventListener
	void ended(RunEnded event) {
		this.all.forEach((waiting) -> waiting.goOn(waiting.ofRun().apply(event.run())));
	}

	@EventListener(ApplicationReadyEvent.class)
	void goOnWithWhatWasBegun() {
		this.all.forEach((waiting) -> waiting.goOn(waiting.pending().get()));
	}

	@PreDestroy
	void close() {
		this.all.forEach((waiting) -> waiting.worker().shutdown());
	}

	private record Waiting(String name, Function<String, List<String>> ofRun, Supplier<List<String>> pending,
			Consumer<String> advance, ExecutorService worker) {

		void goOn(List<String> ids) {
			ids.forEach((id) -> this.worker.execute(() -> goOn(id)));
		}

		private void goOn(String id) {
			try {
				this.advance.accept(id);
			}
			catch (RuntimeException ex) {
				log.error("{} {} cannot go on; the next start tries again", this.name, id, ex);
			}
		}

	}

}
