package dev.reprise.diff.reader.pickle;

/**
 * Says which classes and functions a reader knows.
 */
@FunctionalInterface
public interface Allowed {

	/**
	 * Whether what the name makes of its arguments is understood.
	 */
	boolean knows(Value.Global global);

}
