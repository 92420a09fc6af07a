package dev.reprise.run;

import java.util.concurrent.Semaphore;

import dev.reprise.http.RequestException;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/**
 * Those who follow logs: each has a virtual thread, and there is a bound on their number.
 * They are let go when the service stops, after what runs has been drained and before the
 * server waits for its last requests.
 */
@Component
class LogFollowers implements SmartLifecycle {

	private static final int RETRY_SECONDS = 5;

	private final Runs runs;

	private final RunFolders folders;

	private final Semaphore places;

	private volatile boolean running;

	LogFollowers(Runs runs, RunFolders folders, @Value("${reprise.followers}") int most) {
		this.runs = runs;
		this.folders = folders;
		this.places = new Semaphore(most);
	}

	/**
	 * Sends what comes after a position, until the run has ended or the client is gone.
	 * @throws RequestException if there are too many already
	 */
	SseEmitter follow(String run, LogStreams streams, LogPosition from) {
		if (!this.places.tryAcquire()) {
			throw RequestException.tooMany("As many clients follow logs as the service takes; come again in "
					+ RETRY_SECONDS + " s, or ask for text/plain.", RETRY_SECONDS);
		}
		SseEmitter emitter = new SseEmitter(0L);
		LogFollower follower = new LogFollower(this.runs, this.folders, run, streams, emitter, () -> this.running);
		Thread.ofVirtual().name("log-" + run).start(() -> {
			try {
				follower.follow(from);
			}
			finally {
				this.places.release();
			}
		});
		return emitter;
	}

	@Override
	public void start() {
		this.running = true;
	}

	@Override
	public void stop() {
		this.running = false;
	}

	@Override
	public boolean isRunning() {
		return this.running;
	}

	@Override
	public int getPhase() {
		return DEFAULT_PHASE - 512;
	}

}
