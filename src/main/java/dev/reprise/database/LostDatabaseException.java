package dev.reprise.database;

import java.nio.file.Path;

/**
 * The database is empty, and the data folder has copies of runs: it was lost, or another
 * one was given.
 */
public class LostDatabaseException extends RuntimeException {

	LostDatabaseException(Path data, int runs) {
		super("the database is empty, but " + data.resolve("rows") + " has copies of " + runs
				+ " runs: make it from them with ./reprise rebuild --data " + data
				+ " and the same database properties, or start on another data folder");
	}

}
