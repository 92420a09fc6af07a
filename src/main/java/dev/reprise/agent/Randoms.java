package dev.reprise.agent;

import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Seeds for generators that the program makes without one. A seed depends on the job's
 * seed, the place and how many were made there before: so threads that make some
 * elsewhere meanwhile change nothing.
 */
final class Randoms {

	static final String KNOB = "jvm.Random.seed";

	/**
	 * Those that are given a seed, as they are reported where they could not be.
	 */
	static final Set<String> SOURCES = Set.of("new Random", "new SplittableRandom", "Collections.shuffle");

	/**
	 * What is read back of the knob once one had none.
	 */
	static final String UNSEEDED = "unseeded";

	private final int seed;

	private final boolean pinned;

	private final Map<String, AtomicLong> made = new ConcurrentHashMap<>();

	private final Map<String, Random> shared = new ConcurrentHashMap<>();

	/**
	 * Makes them.
	 * @param pinned whether seeds are given; else each is another in every process
	 */
	Randoms(int seed, boolean pinned) {
		this.seed = seed;
		this.pinned = pinned;
	}

	int seed() {
		return this.seed;
	}

	/**
	 * The seed of the next generator that is made at a place.
	 */
	long next(String place) {
		if (!this.pinned) {
			return new SplittableRandom().nextLong();
		}
		long number = this.made.computeIfAbsent(place, (missing) -> new AtomicLong()).getAndIncrement();
		long mixed = mix(this.seed + 0x9E3779B97F4A7C15L);
		for (int i = 0; i < place.length(); i++) {
			mixed = mix(mixed + place.charAt(i));
		}
		return mix(mixed + number);
	}

	/**
	 * The one generator of a place.
	 */
	Random at(String place) {
		if (!this.pinned) {
			return new Random();
		}
		return this.shared.computeIfAbsent(place, (missing) -> new Random(next(place)));
	}

	/**
	 * Stafford's variant 13 of MurmurHash3's finalizer, as SplittableRandom has it.
	 */
	private static long mix(long value) {
		long z = (value ^ (value >>> 30)) * 0xBF58476D1CE4E5B9L;
		z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
		return z ^ (z >>> 31);
	}

}
