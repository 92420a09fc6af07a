package dev.reprise.run;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import dev.reprise.artifact.Digest;
import dev.reprise.artifact.ListedFile;
import dev.reprise.http.RequestException;
import dev.reprise.record.BoundedJson;
import dev.reprise.record.UnreadableRecordException;
import tools.jackson.databind.JsonNode;

import org.springframework.stereotype.Component;

/**
 * Reads the listing that the service wrote when a run had ended.
 */
@Component
class RunListing {

	private final RunFolders folders;

	RunListing(RunFolders folders) {
		this.folders = folders;
	}

	/**
	 * The whole listing.
	 * @throws RequestException if the run has not ended
	 */
	JsonNode read(Run run) {
		if (!run.state().isFinal()) {
			throw RequestException
				.conflict("The run is " + run.state() + "; its artifacts are listed once it has ended.");
		}
		Path file = this.folders.recordFolder(run.id()).resolve("listing.json");
		try {
			return BoundedJson.readTrusted(file);
		}
		catch (UnreadableRecordException ex) {
			throw RequestException.notFound("listing of this run: it ended before anything was collected");
		}
	}

	/**
	 * The outputs alone.
	 */
	List<ListedFile> outputs(Run run) {
		List<ListedFile> files = new ArrayList<>();
		for (JsonNode file : read(run).path("outputs").path("files")) {
			files.add(new ListedFile(file.path("path").asString(), file.path("mode").asString(),
					file.path("size").asLong(), new Digest(file.path("digest").asString())));
		}
		return files;
	}

}
