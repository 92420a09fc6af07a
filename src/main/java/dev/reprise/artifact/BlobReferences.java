package dev.reprise.artifact;

import java.io.IOException;
import java.util.function.Consumer;

/**
 * Blobs that a feature needs. Whoever names blobs in what it keeps has one of these: what
 * none of them names is garbage.
 */
@FunctionalInterface
public interface BlobReferences {

	/**
	 * Calls back with every blob that is needed, once or more.
	 * @throws IOException if that cannot be told for sure, and nothing may be removed
	 */
	void forEach(Consumer<Digest> needed) throws IOException;

}
