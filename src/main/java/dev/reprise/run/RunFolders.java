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
	 * Where a log or a record is to be found now.
	 * @param name such as {@code stdout.log} or {@code record}
	 */
	Path current(Run run, String name) {
		Path kept = recordFolder(run.id()).resolve(name);
		if (Files.exists(kept) || run.state().isFinal()) {
			return kept;
		}
		Path attempt = attempt(run.id(), run.attempt());
		return name.endsWith(".log") ? attempt.resolve(name) : attempt.resolve("workspace").resolve(name);
	}

}
