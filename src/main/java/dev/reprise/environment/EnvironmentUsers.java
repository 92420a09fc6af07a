package dev.reprise.environment;

/**
 * Who still needs an environment.
 */
public interface EnvironmentUsers {

	/**
	 * Whether a run that has not ended asks for this lock.
	 * @param lock the digest of the lock file
	 */
	boolean need(String lock);

}
