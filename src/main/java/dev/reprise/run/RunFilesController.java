package dev.reprise.run;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URLConnection;
import java.nio.charset.StandardCharsets;

import dev.reprise.artifact.BlobStore;
import dev.reprise.artifact.ListedFile;
import dev.reprise.artifact.RunListing;
import dev.reprise.http.Ranges;
import dev.reprise.http.RequestException;
import org.jspecify.annotations.Nullable;

import org.springframework.core.io.FileSystemResource;
import org.springframework.core.io.Resource;
import org.springframework.http.ContentDisposition;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.method.annotation.StreamingResponseBody;

/**
 * The files of a run: its logs and its outputs.
 */
@RestController
@RequestMapping("/api/v1/runs/{id}")
class RunFilesController {

	private static final int FIRST_BYTES = 8192;

	private final Runs runs;

	private final RunFolders folders;

	private final RunArtifacts listing;

	private final BlobStore store;

	RunFilesController(Runs runs, RunFolders folders, RunArtifacts listing, BlobStore store) {
		this.runs = runs;
		this.folders = folders;
		this.listing = listing;
		this.store = store;
	}

	/**
	 * The log as it is now: standard output, and after it standard error where there is
	 * any.
	 */
	@GetMapping(path = "/logs", params = "!stream")
	ResponseEntity<StreamingResponseBody> logs(@PathVariable String id) {
		Run run = this.runs.get(id);
		this.folders.requireKept(run);
		return text().body((out) -> {
			copy(new LogResource(this.folders, run, "stdout.log"), "", out);
			copy(new LogResource(this.folders, run, "stderr.log"), "--- standard error ---\n", out);
		});
	}

	/**
	 * One of the two logs, with ranges, so that a client can follow it.
	 */
	@GetMapping(path = "/logs", params = "stream")
	ResponseEntity<Resource> log(@PathVariable String id, @RequestParam String stream) {
		Run run = this.runs.get(id);
		this.folders.requireKept(run);
		return text().body(new LogResource(this.folders, run, LogStreams.of(stream).names().getFirst() + ".log"));
	}

	private static ResponseEntity.BodyBuilder text() {
		return ResponseEntity.ok()
			.contentType(MediaType.parseMediaType("text/plain;charset=UTF-8"))
			.header("X-Content-Type-Options", "nosniff");
	}

	private static void copy(LogResource log, String heading, OutputStream out) throws IOException {
		try (InputStream in = log.whole()) {
			byte[] first = in.readNBytes(FIRST_BYTES);
			if (first.length > 0) {
				out.write(heading.getBytes(StandardCharsets.UTF_8));
				out.write(first);
				in.transferTo(out);
			}
		}
	}

	/**
	 * The listing of code, inputs and outputs.
	 */
	@GetMapping("/artifacts")
	RunListing artifacts(@PathVariable String id) {
		return this.listing.read(this.runs.get(id));
	}

	/**
	 * One output, with ranges and its digest as ETag.
	 */
	@GetMapping("/artifacts/{*path}")
	ResponseEntity<Resource> artifact(@PathVariable String id, @PathVariable String path,
			@RequestHeader(name = HttpHeaders.IF_RANGE, required = false) @Nullable String ifRange) {
		Run run = this.runs.get(id);
		String wanted = path.substring(1);
		ListedFile file = this.listing.outputs(run)
			.stream()
			.filter((output) -> output.path().equals(wanted))
			.findFirst()
			.orElseThrow(() -> RequestException.notFound("output of that path in this run"));
		if (!this.store.has(file.digest())) {
			throw RequestException.gone("The stored bytes of this output are missing or damaged; ./reprise scrub names"
					+ " all that are. Replay the run to make them again.");
		}
		String guess = URLConnection.guessContentTypeFromName(wanted);
		String name = wanted.substring(wanted.lastIndexOf('/') + 1);
		return ResponseEntity.ok()
			.contentType((guess != null && guess.startsWith("image/") && !guess.contains("svg"))
					? MediaType.parseMediaType(guess) : MediaType.APPLICATION_OCTET_STREAM)
			.eTag(file.digest().value())
			.header("X-Content-Type-Options", "nosniff")
			.header(HttpHeaders.CONTENT_DISPOSITION,
					ContentDisposition.attachment().filename(name, StandardCharsets.UTF_8).build().toString())
			.body(Ranges.of(new FileSystemResource(this.store.path(file.digest())), ifRange, file.digest().value()));
	}

}
