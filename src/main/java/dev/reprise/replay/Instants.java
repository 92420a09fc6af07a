package dev.reprise.replay;

import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Instants as exact as the database keeps them, each later than the one before: what one
 * request makes shares one, and is found by it.
 */
final class Instants {

	private final Clock clock;

	private final AtomicReference<Instant> last = new AtomicReference<>(Instant.EPOCH);

	Instants(Clock clock) {
		this.clock = clock;
	}

	Instant next() {
		Instant now = this.clock.instant().truncatedTo(ChronoUnit.MICROS);
		return this.last.updateAndGet((before) -> now.isAfter(before) ? now : before.plus(1, ChronoUnit.MICROS));
	}

}
