package dev.reprise.run.spec;

import dev.reprise.artifact.Digest;

/**
 * The packages that a run asks for.
 */
public sealed interface EnvironmentSpec {

	/**
	 * An environment that the operator prepared.
	 *
	 * @param name its name
	 */
	record Named(String name) implements EnvironmentSpec {
	}

	/**
	 * A lock file among the code, as a client may ask; what is accepted names it by its
	 * digest.
	 *
	 * @param path of the file in the code
	 */
	record LockPath(String path) implements EnvironmentSpec {
	}

	/**
	 * A lock file in the store.
	 *
	 * @param digest of the file
	 */
	record Locked(Digest digest) implements EnvironmentSpec {
	}

}
