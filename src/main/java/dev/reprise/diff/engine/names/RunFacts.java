package dev.reprise.diff.engine.names;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

import dev.reprise.diff.engine.folder.ObservedProcess;
import dev.reprise.diff.engine.folder.RecordFolder;
import dev.reprise.diff.engine.folder.RunEnd;
import tools.jackson.databind.JsonNode;

import org.jspecify.annotations.Nullable;

/**
 * What of a run can be in its file names: when it ran, on which host, in which processes.
 * A number is a time only if it lies in the time of its run.
 *
 * @param start when the run started, null where that is not known
 * @param end when it ended
 * @param pids numbers of its processes, as they saw themselves
 * @param host the host's name as the process saw it, null where it is not known or too
 * short to be looked for
 */
record RunFacts(@Nullable Instant start, @Nullable Instant end, Set<Long> pids, @Nullable String host) {

	/**
	 * How far the clock of a process may be from the service's.
	 */
	private static final Duration SKEW = Duration.ofMinutes(1);

	/** Offsets from UTC that are in use, in quarters of an hour. */
	private static final int LEAST_OFFSET = -48;

	private static final int LARGEST_OFFSET = 56;

	private static final int SHORTEST_HOST = 3;

	RunFacts {
		pids = Set.copyOf(pids);
	}

	static RunFacts of(RecordFolder folder) {
		RunEnd end = folder.end();
		Set<Long> pids = folder.record()
			.processes()
			.stream()
			.map(ObservedProcess::pid)
			.filter(Objects::nonNull)
			.collect(Collectors.toSet());
		JsonNode environment = folder.record().environment();
		JsonNode host = (environment != null) ? environment.path("machine").path("host") : null;
		String name = (host != null && host.isString()) ? host.stringValue() : "";
		return new RunFacts((end != null) ? end.startedAt() : null, (end != null) ? end.finishedAt() : null, pids,
				(name.length() >= SHORTEST_HOST) ? name : null);
	}

	/**
	 * Whether the run ran at some time from the one to the other.
	 */
	boolean ranWithin(Instant from, Instant to) {
		return this.start != null && this.end != null && !to.isBefore(this.start.minus(SKEW))
				&& !from.isAfter(this.end.plus(SKEW));
	}

	/**
	 * The same for times on a clock whose zone is not known: in some zone that there is.
	 */
	boolean ranWithin(LocalDateTime from, LocalDateTime to) {
		for (int quarters = LEAST_OFFSET; quarters <= LARGEST_OFFSET; quarters++) {
			ZoneOffset offset = ZoneOffset.ofTotalSeconds(quarters * 15 * 60);
			if (ranWithin(from.toInstant(offset), to.toInstant(offset))) {
				return true;
			}
		}
		return false;
	}

}
