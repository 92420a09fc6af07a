package dev.reprise.cli.bench;

import java.io.IOException;
import java.nio.file.Path;

import tools.jackson.databind.JsonNode;

/**
 * The service as a client sees it.
 */
public interface Jobs {

	/**
	 * Submits one file of code.
	 * @return the run
	 */
	JsonNode submit(String spec, Path code) throws IOException, InterruptedException;

	/**
	 * A run as it stands.
	 */
	JsonNode run(String id) throws IOException, InterruptedException;

	/**
	 * What an ended run wrote to its standard output.
	 */
	String output(String id) throws IOException, InterruptedException;

}
