package dev.reprise.artifact;

import java.nio.file.Path;

/**
 * Another service holds the data folder.
 */
public class DataFolderInUseException extends RuntimeException {

	DataFolderInUseException(Path root) {
		super("another Reprise holds the data folder " + root + ": stop it, or start this one with --data DIR");
	}

}
