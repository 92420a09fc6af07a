package dev.reprise.run;

import java.nio.file.Files;
import java.nio.file.Path;

import dev.reprise.artifact.DataFolder;
import dev.reprise.http.RequestException;

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
	 * Refuses to speak of a run that was collected, but whose record folder someone
	 * removed: an empty answer would read as good news.
	 * @throws RequestException if it is so
	 */
	public void requireKept(Run run) {
		if (run.outputs() != null && !Files.isDirectory(recordFolder(run.id()))) {
			throw RequestException
				.notFound("record of this run any more: its folder was removed from the service's data folder");
		}
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
