package dev.reprise.queue;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

import org.springframework.stereotype.Component;

/**
 * The attempts that run in this life of the service.
 */
@Component
class Executions {

	static final String CANCELLED = "It was cancelled on request.";

	private final Map<String, Consumer<String>> living = new ConcurrentHashMap<>();

	private static final String HANDED_BACK = "The service was stopped; the run was handed back to the queue.";

	private volatile boolean handingBack;

	private volatile boolean closing;

	/**
	 * What ends is taken to its end again: a pool that was stopped can be started again.
	 */
	void open() {
		this.handingBack = false;
		this.closing = false;
	}

	/**
	 * Remembers how an attempt is asked to end.
	 * @param cancel takes the reason
	 */
	void add(String run, Consumer<String> cancel) {
		this.living.put(run, cancel);
		if (this.handingBack) {
			cancel.accept(HANDED_BACK);
		}
	}

	void remove(String run) {
		this.living.remove(run);
	}

	void cancel(String run) {
		@Nullable Consumer<String> cancel = this.living.get(run);
		if (cancel != null) {
			cancel.accept(CANCELLED);
		}
	}

	/**
	 * Asks all that runs to end, and whatever still starts.
	 */
	void handBack() {
		this.handingBack = true;
		this.living.values().forEach((cancel) -> cancel.accept(HANDED_BACK));
	}

	/**
	 * From now on what ends is left to the next life, which finds and ends it.
	 */
	void close() {
		this.closing = true;
	}

	boolean closing() {
		return this.closing;
	}

}
