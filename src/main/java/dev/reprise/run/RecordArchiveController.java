package dev.reprise.run;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import dev.reprise.artifact.tar.TarEntry;
import dev.reprise.artifact.tar.TarWriter;
import dev.reprise.http.RequestException;
import dev.reprise.record.RecordFiles;
import io.swagger.v3.oas.annotations.Operation;

import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.method.annotation.StreamingResponseBody;

/**
 * The record folder of a run as it is compared, without the outputs' bytes.
 */
@RestController
@RequestMapping("/api/v1/runs/{id}")
class RecordArchiveController {

	private final Runs runs;

	private final RunFolders folders;

	RecordArchiveController(Runs runs, RunFolders folders) {
		this.runs = runs;
		this.folders = folders;
	}

	@Operation(summary = "The record folder of a run that has ended, as a tar: all but the outputs' bytes")
	@GetMapping("/record")
	ResponseEntity<StreamingResponseBody> record(@PathVariable String id) throws Exception {
		Path folder = folder(id);
		return tar(folder, RecordFiles.of(folder));
	}

	@Operation(summary = "The traces of a run that has ended, as a tar of their files")
	@GetMapping(path = "/trace", params = "download")
	ResponseEntity<StreamingResponseBody> trace(@PathVariable String id, @RequestParam boolean download)
			throws Exception {
		if (!download) {
			throw RequestException.invalid("download", "is false", "leave it out for a page");
		}
		Path folder = folder(id);
		List<String> paths = RecordFiles.traces(folder);
		if (paths.isEmpty()) {
			throw RequestException.notFound("trace of this run");
		}
		return tar(folder, paths);
	}

	private Path folder(String id) {
		Run run = this.runs.get(id);
		if (!run.state().isFinal()) {
			throw RequestException.conflict("The run is " + run.state() + "; its record is read once it has ended.");
		}
		this.folders.requireKept(run);
		Path folder = this.folders.recordFolder(id);
		if (!Files.isDirectory(folder)) {
			throw RequestException.notFound("record of this run: it ended before anything was recorded");
		}
		return folder;
	}

	private static ResponseEntity<StreamingResponseBody> tar(Path folder, List<String> paths) {
		return ResponseEntity.ok()
			.contentType(MediaType.parseMediaType("application/x-tar"))
			.header("X-Content-Type-Options", "nosniff")
			.body((out) -> {
				TarWriter tar = new TarWriter(out);
				for (String path : paths) {
					Path file = folder.resolve(path);
					try (InputStream in = Files.newInputStream(file)) {
						tar.file(new TarEntry(path, false, Files.size(file)), in);
					}
				}
				tar.end();
			});
	}

}
