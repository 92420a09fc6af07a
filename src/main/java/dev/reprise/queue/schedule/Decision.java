package dev.reprise.queue.schedule;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * What starts now, and what the others wait for.
 *
 * @param starts in this order
 * @param waits why each of the others waits, by its id, in the order of the queue
 * @param promised the run that its place is held for, or null
 */
public record Decision(List<Start> starts, Map<String, String> waits, @Nullable String promised) {

	/**
	 * Copies.
	 */
	public Decision {
		starts = List.copyOf(starts);
		waits = Collections.unmodifiableMap(new LinkedHashMap<>(waits));
	}

	/**
	 * A run that starts.
	 *
	 * @param run which
	 * @param takes what it is given, GPUs of one model at most
	 */
	public record Start(WaitingRun run, Amounts takes) {
	}

}
