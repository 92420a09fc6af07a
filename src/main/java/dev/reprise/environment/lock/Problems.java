package dev.reprise.environment.lock;

import java.util.ArrayList;
import java.util.List;

/**
 * Collects what is wrong with a lock file, so that one answer names all of it.
 */
final class Problems {

	private static final int LIMIT = 20;

	private final List<BadLockException.Problem> found = new ArrayList<>();

	void add(String place, String problem, String mend) {
		if (this.found.size() < LIMIT) {
			this.found.add(new BadLockException.Problem(place, problem, mend));
		}
	}

	void throwIfAny() throws BadLockException {
		if (!this.found.isEmpty()) {
			throw new BadLockException(this.found);
		}
	}

}
