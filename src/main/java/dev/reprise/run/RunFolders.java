package dev.reprise.run;

import java.nio.file.Files;
import java.nio.file.Path;

import dev.reprise.artifact.DataFolder;

import org.springframework.stereotype.Component;

/**
 * Where the files of a run are: with its attempt while it lives, in its record folder
 * afterwards.
 */
@Component
public class RunFolders {

	private final DataFolder data;

	RunFolders(DataFolder data) {
		this.data = data;
	}

	/**
	 * The record folder of a run that has ended.
	 */
	public Path recordFolder(String run) {
		return this.data.runs().resolve(run);
	}

	/**
	 * The folder of one attempt.
	 */
	public Path attempt(String run, int attempt) {
		return this.data.attempts().resolve(run + "-" + attempt);
	}

	/**
	 * Where a log is to be found now.
	 */
	Path log(Run run, String name) {
		return isKept(run) ? recordFolder(run.id()).resolve(name) : attempt(run.id(), run.attempt()).resolve(name);
	}

	private boolean isKept(Run run) {
		return run.state().isFinal() || Files.isDirectory(recordFolder(run.id()));
	}

}
