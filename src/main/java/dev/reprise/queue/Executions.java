package dev.reprise.queue;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import dev.reprise.executor.Execution;
import org.jspecify.annotations.Nullable;

import org.springframework.stereotype.Component;

/**
 * The attempts that run in this life of the service.
 */
@Component
class Executions {

	static final String CANCELLED = "It was cancelled on request.";

	private final Map<String, Execution> living = new ConcurrentHashMap<>();

	private volatile boolean closing;

	void add(String run, Execution execution) {
		this.living.put(run, execution);
	}

	void remove(String run) {
		this.living.remove(run);
	}

	void cancel(String run) {
		@Nullable Execution execution = this.living.get(run);
		if (execution != null) {
			execution.cancel(CANCELLED);
		}
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
