package dev.reprise.run;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import dev.reprise.artifact.ListedFile;
import dev.reprise.artifact.RunListing;
import dev.reprise.http.RequestException;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.stereotype.Component;

/**
 * Reads the listing that the service wrote when a run had ended.
 */
@Component
class RunArtifacts {

	private final RunFolders folders;

	private final JsonMapper json;

	RunArtifacts(RunFolders folders, JsonMapper json) {
		this.folders = folders;
		this.json = json;
	}

	/**
	 * The whole listing.
	 * @throws RequestException if the run has not ended
	 */
	RunListing read(Run run) {
		if (!run.state().isFinal()) {
			throw RequestException
				.conflict("The run is " + run.state() + "; its artifacts are listed once it has ended.");
		}
		this.folders.requireKept(run);
		Path file = this.folders.recordFolder(run.id()).resolve("listing.json");
		if (!Files.exists(file)) {
			throw RequestException.notFound("listing of this run: it ended before anything was collected");
		}
		return this.json.readValue(file, RunListing.class);
	}

	/**
	 * The outputs alone.
	 */
	List<ListedFile> outputs(Run run) {
		return read(run).outputs().files();
	}

}
